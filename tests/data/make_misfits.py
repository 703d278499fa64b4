"""Run the models of misfits/ into their mistakes, and keep what PyTorch says in misfits.json.

Run with PyTorch 2.13.0: python tests/data/make_misfits.py

A line per model: "target" and "input" as in models.json, "phase" ("init", or "forward" when the
model could be made), "file" and "line" of the deepest place in the user's own files ("line" is
null where a Sequential alone is called, so that no line of theirs takes part), "type" and "error":
the exception and its text, from a batch of two. "must_say" is what a helpful sentence has to
contain, each of them; where it is a list, one of its words will do. That is ours, not PyTorch's.
"""

import traceback
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import torch
from load_model import build
from run_pytorch import one_line, tensor

FOLDER = Path(__file__).parent
CASES = []


def case(target, *shapes, says, **more):
    shapes = [list(shape) for shape in shapes]
    CASES.append({"target": target, "input": shapes, **more, "must_say": says})


INT = {"kinds": ["int"]}
RGB32, RGB64, DIGIT = (3, 32, 32), (3, 64, 64), (1, 28, 28)

case("linear_features.py", RGB32, means="net", says=["fc1", "400", "576"])
case("flatten_forgotten.py", DIGIT, means="DigitNet()", says=["classifier", "1568", "latten"])
case("wrong_view.py", DIGIT, means="cnn", says=["1024", "576"])
case("channels_between.py", RGB64, means="Encoder()", says=["layers.2", "32", "64"])
case("kernel_too_large.py", RGB32, means="Net()", says=["features.3", "5", "2"])
case("unet_odd.py", (3, 50, 50), means="UNet()", says=["25", "24"])
case("residual_stride.py", RGB32, means="SmallResNet()", says=["32", "16"])
case("batchnorm_features.py", DIGIT, means="Net()", says=["layer2.1", "32", "64"])
case("deconv_off_by_one.py", RGB32, means="RefineNet()", says=["31", "32", "output_padding"])
case("heads_divide.py", (20,), means="SentenceEncoder()", says=["100", "8"], **INT)
case("split_sizes.py", (96, 50), means="GatedConv()", says=["288", "192"])
case("chunk_unpack.py", (10, 128), means="SelfAttention()", says=["3", "2"])
case("misspelt_attribute.py", DIGIT, means="LeNet()", says=["liner2", "linear2"])
case("super_forgotten.py", (13,), means="model", says=["super().__init__()"])
case("self_forgotten.py", (20,), means="Net()", says=["self.fc2"])
case("self_forgotten_forward.py", (8,), means="model", says=["self.hidden"])
case("forward_arguments.py", RGB32, means="SegNet()", says=["skip"])
case("matmul_inner.py", (10, 64), means="Attention()", says=["16", "10"])
case("se_broadcast.py", RGB32, means="Net()", says=["16", "64"])
case("permute_count.py", RGB64, means="PatchTokens()", says=["4", "3"])
case("layernorm_shape.py", RGB32, means="Net()", says=["blocks.0.norm", "48", "8"])
case("groups_divide.py", (256, 8, 8), means="model", says=["134", "32"])
case("pixel_shuffle.py", RGB32, means="SuperRes()", says=["6", "4"])
case("lstm_input.py", (12,), means="model", says=["lstm", "64", "100"], **INT)
case("embedding_dim.py", (12,), means="BagOfWords()", says=["net.0", "100", "128"], **INT)
case("bn2d_flat.py", RGB32, means="Net()", says=["classifier.2", "BatchNorm1d"])
case("sequential_order.py", DIGIT, means="net", says=["6", "400", "latten"])
case("pooled_away.py", DIGIT, means="model", says=["features.19", "1"])
case("einsum_sizes.py", (9, 64), (7, 32), means="CrossAttention()", says=["d", "16", "8"])
case("bmm_plain.py", (15, 32), means="AttentionPool()", says=["bmm", "3"])
case("modulelist_called.py", DIGIT, means="MLP()", says=["ModuleList", "layers"])
case(
    "view_not_contiguous.py",
    (20, 48),
    means="CausalAttention()",
    says=[["contiguous", "reshape"]],
)
case("softmax_dim.py", (4,), means="Policy()", says=["2", "1"])
case("interpolate_cat.py", (3, 100, 100), means="Neck()", says=["25", "26"])
case("skip_channels.py", RGB64, means="UNet()", says=["up.0", "512", "768"])
case("own_assert.py", (3, 128, 128), means="ViT()", says=["128*128", "224*224"])
case("own_raise.py", (12,), means="Bert()", says=["250", "12", "not a multiple"], **INT)
case("branch_sizes.py", DIGIT, means="Net()", says=["28", "26"])
case("generator_view.py", (100,), means="generator", says=["6272", "8192"])
case("conv1d_on_images.py", (1, 64, 100), means="SpectrogramNet()", says=["conv1", "Conv1d"])
case("grey_images.py", DIGIT, means="Net()", says=["conv1", "3", "1"])
case("lstm_tuple.py", (7, 10), means="model", says=["tuple"])
case("image_size_changed.py", (3, 128, 128), means="Discriminator()", says=["4096", "16384"])
case("wrong_keyword.py", RGB32, means="Net()", says=["kernal_size", "kernel_size"])
case("import_forgotten.py", (30,), means="Net()", says=["F", "torch.nn.functional"])
case("output_padding.py", (16,), means="Decoder()", says=["output_padding", "1"])
case("reflection_too_wide.py", RGB32, means="Critic()", says=["layers.3.pad", "4"])
case("stack_sizes.py", RGB32, means="MultiScale()", says=["32", "30"])
case("position_table.py", RGB32, means="ImageTransformer()", says=["65", "64"])
case("shape_unpack.py", (20, 40), means="TimePool()", says=["4", "3"])
case("list_index.py", RGB64, means="Pyramid()", says=["3"])
case("siamese_flatten.py", (1, 90, 90), (1, 90, 90), means="Siamese()", says=["10368", "6272"])
case("package/net.py:Net", RGB64, says=["8"])
case("highway_broadcast.py", (32, 50), (10,), means="FiLM()", says=["50", "32"])
case("cat_dimension.py", RGB64, (12,), means="TwoTowers()", says=["4", "2"])

# What nn.Module keeps apart, and how it is made ready.
case("made_ready.py:NoClass", (3,), says=["super()"])
case("made_ready.py:NoObject", (3,), says=["super().__init__()"])
case("made_ready.py:Argument", (3,), says=["no arguments"])
case("made_ready.py:Other", (3,), says=["super()", "Argument"])
case("made_ready.py:TooEarly", (3,), says=["super().__init__()"])
case("made_ready.py:Named", (3,), says=["type"])
case("made_ready.py:ClassAttribute", (3,), says=["bias"])
case("made_ready.py:Twice", (3,), says=["mask"])
case("made_ready.py:Number", (3,), says=["mask", "buffer"])
case("made_ready.py:Modules", (3,), says=["iterated"])
case("made_ready.py:Einsum", (5, 2, 4), says=["view", "reshape"])
case("made_ready.py:Keyword", (3,), says=["dims", "dim is"])


def place_of(error):
    """Return the deepest line in the user's own files."""
    own = FOLDER / "misfits"
    found = None, None
    for frame in traceback.extract_tb(error.__traceback__):
        if Path(frame.filename).is_relative_to(own):
            found = str(Path(frame.filename).relative_to(own)), frame.lineno
    return found


def answer(asked):
    """Return a case with what PyTorch says of it."""
    file, _, expression = asked["target"].partition(":")
    shapes, kinds = asked["input"], asked.get("kinds", [])
    phase = "init"
    try:
        model = build(FOLDER / "misfits" / file, expression or asked["means"]).eval()
        phase = "forward"
        inputs = [
            tensor(shape, kind, 2)
            for shape, kind in zip(
                shapes, [*kinds, *["float"] * (len(shapes) - len(kinds))], strict=False
            )
        ]
        with torch.no_grad(), redirect_stdout(StringIO()):
            model(*inputs)
    except Exception as error:
        place, line = place_of(error)
        says = asked.pop("must_say")
        return asked | {
            "phase": phase,
            "file": place or file,
            "line": line,
            "type": type(error).__name__,
            "error": str(error),
            "must_say": says,
        }
    raise AssertionError(f"{asked['target']} fits")


def main():
    answers = [answer(asked) for asked in CASES]
    lines = ",\n".join(map(one_line, answers))
    FOLDER.joinpath("misfits.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    for each in answers:
        print(each["phase"], each["file"], each["line"], each["type"], each["error"], sep=" | ")
    print(f"{len(answers)} misfits, PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
