"""Classes whose forwards print(model) doesn't show, and that are known all the same.

Each is recognised by its name and by its children's names and kinds, all of them or not at all.

known                  how they are found
torchvision/           torchvision's, a family a file, in the Python that is read
torchvision/shared     what several of them are made of
torchvision/vgg        AlexNet, VGG, SqueezeNet
torchvision/inception  GoogLeNet, Inception
torchvision/resnet     ResNet, RegNet
torchvision/densenet   DenseNet
torchvision/mobilenet  MobileNet, MNASNet, EfficientNet, ShuffleNet
torchvision/convnext   ConvNeXt
torchvision/vit        ViT
torchvision/swin       Swin
torchvision/maxvit     MaxViT
"""
