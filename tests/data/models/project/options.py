class Options:
    seed = 7
    lr = 1e-3
    epochs = 90
    weights = "weights.pth"
    num_classes = 43

    def __init__(self, base=32, stages=4):
        self.widths = [base << i for i in range(stages)]
