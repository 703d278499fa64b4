BASE = 32
EPOCHS = 40
CLASSES = ["background", "road", "car"]
