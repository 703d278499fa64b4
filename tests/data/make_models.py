"""Run the models of models/ in PyTorch, and keep what they do in models.json.

Run with PyTorch 2.13.0: python tests/data/make_models.py

A line per case: "target" as it is given to `convcalc net` (where its expression is left out,
"means" says what it stands for), "define" and "train" as these options, "input": one sample's
shape per argument of the forward ("kinds" where some are whole numbers), and the answers:
"output" (a list for a tuple, an object for a dict), "params", "trainable", "macs" (half of what
FlopCounterMode counts, for one sample alone; "macs_once" of them are done once for a batch),
"calls": name, class, input and output of each call of a layer of torch.nn. A layer without a name
is not among the model's modules. With "may_refuse" a library other than torch gives a size, and a
refusal is as good. Shapes are one sample's, as run_pytorch.py writes them: the same
comes out with batches of two and of three.
"""

import sys
import time
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import torch
from load_model import build
from run_pytorch import measure, one_line

FOLDER = Path(__file__).parent
CASES = []


def case(target, *shapes, **more):
    CASES.append({"target": target, "input": [list(shape) for shape in shapes], **more})


INT = {"kinds": ["int"]}
INTS = {"kinds": ["int", "int"]}
RGB32, RGB64 = (3, 32, 32), (3, 64, 64)

case("cifar_tutorial.py", RGB32, means="net")
case("cifar_tutorial.py:Net", RGB32)
case("lenet5.py", (1, 32, 32), means="LeNet5()")
case("mnist_basic.py", (1, 28, 28), means="MnistNet()")
case("mnist_basic.py:MnistNet", (1, 28, 28), train=True)
case("alexnet_cifar.py:AlexNet", RGB32)
case("alexnet_cifar.py:alexnet(num_classes=100)", RGB32)
case("alexnet_cifar.py:AlexNet", RGB32, define={"NUM_CLASSES": 43})
case("vgg_cfg.py:VGG", RGB32)
case("vgg_cfg.py:vgg9()", RGB32)
case("vgg_cfg.py:vgg16(num_classes=7, bn=False)", RGB32)
case("vgg_cfg.py:VGG(CONFIGS[9], side=64)", RGB64)
case("dcgan.py:netG", (100, 1, 1))
case("dcgan.py:netD", RGB64)
case("dcgan.py:netG", (20, 1, 1), define={"opt.nz": 20, "opt.ngf": 16})
case("cgan.py:generator", (100,), (), kinds=["float", "int"])
case("cgan.py:discriminator", (1, 32, 32), (), kinds=["float", "int"])
case(
    "cgan.py:Generator",
    (24,),
    (),
    kinds=["float", "int"],
    define={"opt.latent_dim": 24, "opt.img_size": 28, "opt.channels": 3},
)
case("gan_numpy.py", (64,), means="Generator()", may_refuse=True)
case("vae_linear.py", (1, 28, 28), means="model")
case("vae_linear.py:VAE", (784,), train=True)
case("vae_conv.py:ConvVAE", RGB64)
case("vae_conv.py:ConvVAE(1, 10, image_size=32, hidden_dims=[8, 16])", (1, 32, 32))
case("autoencoder.py:ConvAutoencoder", (1, 28, 28))
case("autoencoder.py:DenoisingAutoencoder", (1, 28, 28))
case("autoencoder.py:DenoisingAutoencoder(0.3)", (1, 28, 28), train=True)
case("segmentation/model.py:UNet(3, 2)", RGB64)
case("segmentation/model.py:UNet(1, 1, bilinear=True)", (1, 61, 83))
case("segmentation/__init__.py:UNet(3, 4, base=8)", (3, 50, 64))
case("unet_crop.py", (1, 188, 188), means="UNet()")
case("unet_crop.py:UNet(3, 5, width=16, depth=2)", (3, 100, 120))
case("unet_lists.py:UNET", (3, 160, 160))
case("unet_lists.py:UNET(1, 1)", (1, 161, 161))
case("resnet_cifar.py:ResNet18()", RGB32)
case("resnet_cifar.py:ResNet50()", RGB32)
case("resnet_cifar.py:ResNet(Bottleneck, [1, 1, 1, 1], num_classes=5)", RGB32)
case("resnet_own.py", (1, 96, 96), means="net")
case("preact_resnet.py:PreActResNet(20)", RGB32)
case("preact_resnet.py:PreActResNet(56, 100)", RGB32)
case("densenet.py", RGB32, means="DenseNet()")
case("densenet.py:DenseNet(growth_rate=8, blocks=[2, 3], drop_rate=0.2)", RGB32, train=True)
case("inception.py:GoogLeNet", (3, 96, 96))
case("inception.py:GoogLeNet(1, verbose=True, aux=True)", (1, 100, 100), train=True)
case("squeezenet.py", (3, 224, 224), means="SqueezeNet()")
case("mobilenet_v1.py:MobileNet", RGB32)
case("mobilenet_v1.py:MobileNet(alpha=0.5)", RGB32)
case("mobilenet_v2.py:mobilenetv2()", (3, 224, 224))
case("mobilenet_v2.py:MobileNetV2(10, width_mult=0.35)", (3, 96, 96))
case("mobilenet_v3.py:MobileNetV3_Small", (3, 128, 128))
case("shufflenet.py:ShuffleNetG2()", RGB32)
case("shufflenet.py:ShuffleNetG3()", RGB32)
case("shufflenet.py:SplitUnit(116)", (116, 28, 28))
case("se_resnet.py:se_resnet18()", RGB32)
case("se_resnet.py:se_resnet50(10)", RGB32)
case("cbam.py", RGB64, means="CBAMNet()")
case("cbam.py:CBAMNet((16, 32), kinds=['avg', 'lp', 'lse'], spatial=False)", RGB64)
case("vit_small.py:ViT", RGB32)
case("vit_small.py:ViT(ViTConfig(image_size=64, patch_size=8, depth=2, num_classes=0))", RGB64)
case("mlp_mixer.py:mixer", (3, 64, 96))
case("convnext.py:convnext_pico()", RGB64)
case("convnext.py:ConvNeXt(depths=[1, 1, 2, 1], dims=[24, 48, 96, 192], scale=0)", RGB64)
case("swin_windows.py:TinySwin", (3, 112, 112))
case("swin_windows.py:TinySwin(img_size=56, dim=24)", (3, 56, 56))
case("sentiment_lstm.py", (50,), means="model", **INT)
case("gru_classifier.py", (28, 28), means="model")
case("gru_classifier.py:RNN(12, 20, 3, 5, cell='rnn', bidirectional=True)", (7, 12))
case("gru_classifier.py:RowsThenColumns", (1, 28, 28))
case("cnn_lstm.py:VideoClassifier", (5, 3, 48, 64))
case("cnn_lstm.py:ActionNet", (4, 3, 90, 120))
case("char_rnn.py", (20,), means="net", **INT)
case("char_rnn.py:OneStep(57, 128, 18)", (57,), (128,))
case("tcn.py:TCN(1, 10, [25] * 4, kernel_size=7)", (1, 784))
case("tcn.py:TCN(4, 3, (8, 8, 16))", (4, 50))
case("speech_m5.py", (1, 8000), means="model")
case("c3d.py:C3D(101)", (3, 16, 56, 56))
case("style_transfer.py:StyleNet", RGB64)
case("super_resolution.py:SRCNN", (1, 33, 33))
case("super_resolution.py:ESPCN(3)", (1, 17, 17))
case("super_resolution.py:FSRCNN(scale_factor=4)", (1, 20, 24))
case("edsr.py:EDSR", (3, 24, 24))
case("edsr.py:EDSR(2, 16, scale=3)", (3, 24, 20))
case("edsr.py:EDSR(n_resblocks=1, scale=8)", (3, 8, 8))
case("wavenet.py:WaveNet", (256, 300))
case("siamese.py:net", (1, 100, 100), (1, 100, 100))
case("siamese.py:LearntDistance", (1, 105, 105), (1, 105, 105))
case("pointnet.py:PointNet", (3, 256))
case("spatial_transformer.py", (1, 28, 28), means="model")
case("text_transformer.py", (35,), means="model", **INT)
case("text_transformer.py:TextClassifier", (40,), **INT)
case("text_transformer.py:Translator", (12,), (9,), **INTS)
case("cross_attention.py:Captioner", (3, 128, 128), (11,), kinds=["float", "int"])
case("gpt_mini.py:GPT(GPTConfig())", (64,), **INT)
case("gpt_mini.py:GPT(GPTConfig(n_layer=1, bias=False, fused=True))", (16,), **INT)
case("gpt_mini.py:GPT(GPTConfig(n_layer=2, n_embd=48))", (16,), (16,), **INTS)
case("dqn.py:policy", (4, 84, 84))
case("dqn.py:DuelingDQN((3, 60, 80), 5)", (3, 60, 80))
case("dqn.py:SmallScreen(40, 90, 2)", (3, 40, 90))
case("actor_critic.py:Agent", (8,))
case("actor_critic.py:Agent.for_cartpole()", (4,))
case("yolo_like.py:YoloLike", (3, 224, 224))
case("yolo_like.py:YoloLike(classes=['cat', 'dog'])", (3, 96, 128))
case("fpn.py:Detector", (3, 128, 192))
case("nested_unet.py:NestedUNet(1)", RGB64)
case("nested_unet.py:NestedUNet(3, deep_supervision=True)", (3, 32, 48))
case("hed_edges.py", (3, 65, 50), means="HED()")
case("tied_weights.py:WordModel('LSTM', 500, 64, 64, 2, tied=True)", (15,), **INT)
case("tied_weights.py:WordModel('RNN_RELU', 300, 32, 48)", (15,), **INT)
case("tied_weights.py:TiedAutoencoder", (1, 28, 28))
case("tied_weights.py:SharedHead", RGB64)
case("unused_layers.py", RGB32, means="Net()")
case("nin.py", (1, 224, 224), means="net")
case("highway.py:CharCNNHighway", (21,), **INT)
case("maxout.py:Net", RGB32)
case("deeplab_aspp.py:DeepLab", (3, 129, 129))
case("deeplab_aspp.py:DeepLab(5, output_stride=8)", (3, 96, 96))
case("einsum_attention.py:Perceiver()", (24, 24, 3))
case("einsum_attention.py:Perceiver(depth=2, tie=False, channels=1)", (8, 6, 5, 1))
case("config_net.py:Model", RGB64)
case("text_cnn.py", (56,), means="TextCNN()", **INT)
case("text_cnn.py:TextCNN(sizes=[2, 3], static=False)", (30,), **INT)
case("seq2seq.py:Seq2Seq", (9,), **INT)
case("seq2seq.py:Seq2Seq(hid=32)", (9,), (6,), **INTS)
case("recommender.py", (), (), means="model", **INTS)
case("sagan.py:Critic", RGB64)
case("cyclegan.py:make_generator()", RGB64)
case("cyclegan.py:make_generator('resnet_2', norm='none')", RGB64)
case("cyclegan.py:PatchDiscriminator", RGB64, RGB64)
case("pix2pix.py:UnetGenerator(3, 3, 6)", RGB64)
case("hourglass.py:PoseNet", RGB64)
case("segnet.py:SegNet()", (3, 45, 60))
case("xception_small.py:Xception", (3, 97, 97))
case("project/train.py:model", RGB64)
case("project/nets/classifier.py:Classifier([16, 32], 5, act='relu')", RGB64)
case("efficientnet_like.py:EfficientNetLike", (3, 96, 96))
case("efficientnet_like.py:EfficientNetLike('b2', num_classes=12)", (3, 96, 96))
case("pixel_cnn.py", (1, 28, 28), means="net")
case("nbeats.py:NBeats", (40,))
case("graph_conv.py:SkeletonNet", (12, 3))
case("lstm_cells.py:ConvLSTM", (3, 1, 20, 24))
case("lstm_cells.py:Forecaster", (7,))
case("lazy_net.py:LazyNet", (1, 28, 28))
case("mlp_windows.py", (28, 28), means="model")
case("diffusion_unet.py:DiffusionUNet", RGB32, (), kinds=["float", "int"])
case("crnn.py:CRNN", (1, 32, 100))
case("crnn.py:CRNN(32, 3, 11, 64, leaky=True)", (3, 32, 61))


def answer(asked):
    """Return a case with PyTorch's answers."""
    file, _, expression = asked["target"].partition(":")
    define = asked.get("define", {})
    options = {name: value for name, value in define.items() if "." in name}
    argv = [f"--{name.partition('.')[2]}={value}" for name, value in options.items()]
    values = {name: value for name, value in define.items() if name not in options}
    model = build(FOLDER / "models" / file, expression or asked["means"], argv, values)
    model.train(asked.get("train", False))
    torch.manual_seed(0)
    with redirect_stdout(StringIO()):
        return asked | measure(model, asked["input"], asked.get("kinds", ()))


def main():
    wanted = sys.argv[1:]
    answers = []
    for asked in CASES:
        if wanted and not any(word in asked["target"] for word in wanted):
            continue
        start = time.time()
        try:
            answers.append(answer(asked))
        except Exception as error:
            print(f"FAILED {asked['target']}: {type(error).__name__}: {error}")
            if wanted:
                raise
            continue
        last = answers[-1]
        shown = {key: last[key] for key in ("output", "params", "macs")}
        print(f"{time.time() - start:5.1f} s", asked["target"], shown, len(last["calls"]))
    if not wanted:
        lines = ",\n".join(map(one_line, answers))
        FOLDER.joinpath("models.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(answers)} of {len(CASES)} cases, PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
