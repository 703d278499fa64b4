"""What has no meaning: one sentence that names the option, the value and what would do."""

import pytest

LINEAR = "net --layers 'Linear(4, 2)' --in 4"
REFUSED = {
    "shape --in 3x3x3 --k 5": "height: --k 5 is larger than the padded input, 3: padding 1 or "
    "more would do",
    "shape --in 3x3x30 --k 5 --d 2": "height: --k 5 with dilation 2 spans 9, larger than the "
    "padded input, 3: padding 3 or more would do",
    "shape --in 3x30x3 --k 5 --p 0x0:1": "width: --k 5 is larger than the padded input, 4: "
    "padding that adds up to 2 or more would do",
    "shape --in 3x2x2 --k 5 --s 2 --pool max --ceil-mode": "height: --k 5 is larger than the "
    "padded input, 2: padding 1 or more would do",
    "shape --k 5": "--in is missing, --in 3x32x32 for example",
    "shape --batch 2": "--in is missing, --in 3x32x32 for example",
    "shape --in 3x32x32": "--k is missing, --k 3 for example",
    "shape --in 3 --k 3": "--in 3 has no spatial axes: CxL, CxHxW or CxDxHxW would do",
    "shape --in 3x3x3x3x3 --k 3": "--in 3x3x3x3x3 has 4 spatial axes: CxL, CxHxW and CxDxHxW "
    "have 1 to 3",
    "shape --in 32x32 --k 3x3": "--k 3x3 names 2 axes, but the input, 32x32, has 1: channels "
    "come first there, then one size per axis; --in 32x32 is read as channels × length: if "
    "this is an image of one channel, --in 1x32x32 is right",
    "shape --in 3x8x8x8 --k 3 --p 0:1x1": "--p 0:1x1 names 2 axes, but the input, 3x8x8x8, has "
    "3: channels come first there, then one size per axis",
    "shape --in 3x0x32 --k 3": "--in 3x0x32: at least 1 is needed",
    "shape --in 3x-1x32 --k 3": "--in 3x-1x32: at least 1 is needed",
    "shape --in '' --k 3": "--in '': not understood, write CxHxW, such as 3x32x32",
    "shape --in 3x٣x3 --k 3": "--in 3x٣x3: not understood, write CxHxW, such as 3x32x32",
    "shape --in '3x\x1b[31m' --k 3": "--in 3x\\x1b[31m: not understood, write CxHxW, such as "
    "3x32x32",
    f"shape --in {'9' * 60}x3x3 --k 3": f"--in {'9' * 40}…: at most 1,000,000,000,000 is possible",
    "shape --in 3x32x32 --k 0": "--k 0: at least 1 is needed",
    "shape --in 3x32x32 --k 1:2": "--k 1:2: not understood, write 3 or 3x5",
    "shape --in 3x32x32 --in 3x16x16 --k 3": "--in is given more than once: it takes one value",
    "shape --in 3x32x32 --k 3 --stride 2 -s 3": "--s is given more than once: it takes one value",
    "net --layers 'ReLU()' --layers 'Tanh()' --in 3": "--layers is given more than once: it takes "
    "one value",
    "demo -f json -f csv": "--format is given more than once: it takes one value",
    "shape --in 1,024 --k 3": "--in 1,024: commas separate sizes here, write 1024",
    "shape --in '(64, 1,024)' --k 3": "--in (64, 1,024): commas separate sizes here, write 64, "
    "1024",
    "params --in 3 --out 64,224,224 --k 3": "--out 64,224,224: one number is expected, such as "
    "--out 64",
    "shape --in 1:2x3:4 --k 3": "--in 1:2x3:4: not understood, write CxHxW, such as 3x32x32",
    "demo --in 1x3x3 --k 2 --patch 1:2": "--patch 1:2: not understood, write 5, or 1,2 for the "
    "window (1, 2)",
    "shape --in 3x32x32 --k 3.5": "--k 3.5: not understood, write 3 or 3x5",
    "shape --in 3x32x32 --k 3 --s 0": "--s 0: at least 1 is needed",
    "shape --in 3x32x32 --k 3 --d 0": "--d 0: at least 1 is needed",
    "shape --in 3x32x32 --k 3 --p -1": "--p -1: at least 0 is needed",
    "shape --in 3x32x32 --k 3 --p sme": "--p sme: not understood, write 1, 1x2, 0:1x0:1, same, "
    "valid or full",
    "shape --in 3x32x32 --k 3 --p 1:2:3": "--p 1:2:3: not understood, write 1, 1x2, 0:1x0:1, "
    "same, valid or full",
    "shape --in 3x32x32 --k 3 --groups 2": "--groups 2 does not divide the 3 input channels: it "
    "must divide both channel counts",
    "shape --in 4x32x32 --k 3 --groups 2 --out 3": "--groups 2 does not divide the 3 output "
    "channels: it must divide both channel counts",
    "shape --in 4x8x8 --k 3 --transposed --output-padding 1": "height: --output-padding 1 is not "
    "below the larger of stride 1 and dilation 1: 0 is the most",
    "params --in 4 --out 4 --k 3 --s 2 --transposed --output-padding 0x2": "width: "
    "--output-padding 2 is not below the larger of stride 2 and dilation 1: 1 is the most",
    "shape --in 4x8x8 --k 3 --transposed --p same": "--p same has no meaning for a transposed "
    "convolution, which takes numbers",
    "shape --in 4x8x8 --k 3 --transposed --p 0:1": "--p 0:1: a transposed convolution takes the "
    "same at both ends",
    "shape --in 4x2x2 --k 2 --transposed --p 3": "height: --p 3 takes away the whole output, 3: "
    "1 is the most",
    "shape --in 4x8x8 --k 3 --output-padding 1": "--output-padding has a meaning for transposed "
    "convolutions only",
    "shape --in 4x8x8 --k 3 --ceil-mode": "--ceil-mode has a meaning for pooling only",
    "shape --in 4x8x8 --k 3 --pool max --p 3": "height: --p 3 is not below the window, 3, which "
    "could then lie wholly in it: 2 is the most",
    "shape --in 4x8x8 --k 3 --pool max --groups 2": "--groups has a meaning for convolutions, "
    "not for pooling",
    "shape --in 4x8x8 --k 3 --pool max --no-bias": "--bias/--no-bias has a meaning for "
    "convolutions, not for pooling",
    "shape --in 4x8x8 --k 3 --pool max --transposed": "--transposed has a meaning for "
    "convolutions, not for pooling",
    "shape --in 4x8x8 --k 3 --pool max --out 8": "--out 8 has no meaning for pooling, which "
    "keeps the 4 channels",
    "shape --in 4x8x8 --k 3 --pool min": "--pool min: write max or avg",
    "shape --in 4x8x8 --k 3 --batch 0": "--batch 0: a whole number from 1 to 1,000,000,000,000 "
    "is expected",
    "shape --in 4x8x8 --k 3 --batch two": "--batch two: a whole number from 1 to "
    "1,000,000,000,000 is expected",
    "shape --in 4x8x8 --k 3 extra": "extra belongs to no option: convcalc shape -h shows them",
    "params --in 3x32x32 --k 3": "--out is missing, --out 16 for example",
    "params --in 3 --out 4": "--k is missing, --k 3 for example",
    "params --in 3 --out 4 --k 3 --p same --s 2": "--p same with stride 2 depends on the input's "
    "size: the channels alone are not enough",
    "params --in 3 --out 16 --k 3x3x3x3": "--k 3x3x3x3: that is for 4 axes, a layer has at most 3",
    "solve --in 3x32x32 --out 64": "--out 64 is channels alone: all sizes are needed, --out "
    "64x32x32 for example",
    "net --layers 'ReLU()' --params-only --in 3": "--in has no meaning with --params-only, which "
    "counts without an input",
    "net --in 3x8x8": "the text is empty: layers, or what print(model) shows, belong there",
    "net no.txt --layers 'ReLU()' --in 3": "a FILE or --layers is expected, not both",
    "net no.py --in 3": "no.py: there is no such file",
    "net --layers 'ReLU()'": "--in is missing, --in 3x224x224 for example",
    "net --layers 'Linear(3, n)' --in 3": "line 1: n has no value here: --define n=10 gives it one",
    "net --layers 'Linear(3, 4)' --in 3 --define n=4": "--define n: nothing in the text is called "
    "that",
    "net --layers 'Linear(3, n)' --in 3 --define n": "--define n: a name and its value are "
    "expected, such as num_classes=10",
    "net --layers 'Linear(3, n)' --in 3 --define n=x": "line 1: nn.Linear: out_features 'x' is not "
    "a whole number",
    f"net --layers '{'MaxPool2d(1, 1000000000); ' * 3}' --in 3x9x9": "a receptive field or "
    "a stride is too large to follow",
    "net --layers 'LSTM(3, 4, 10**9)' --in 3x3": "line 1: nn.LSTM: a stack of 1,000,000,000 layers "
    "is too large to follow",
    "net --layers 'Upsample(scale_factor=1e13)' --in 3x3x3": "line 1: nn.Upsample: a scale_factor "
    "of 10,000,000,000,000.0 is too large to follow",
    f"net --layers '{'Upsample(scale_factor=1e11); ' * 2}' --in 3x3": "a size of "
    "30,000,000,000,000,000,000,000 is too large to follow",
    "net --layers 'ReLU()' --in 3 --columns name,size": "--columns size: no such column, there "
    "are name, layer, line, input, output, kernel, params, share, macs, backward, memory, kept, "
    "field, stride, from",
    "net --layers 'ReLU()' --in 3x8 --sizes 1:10000000000": "--sizes 1:10000000000: the largest "
    "size that is tried is 1,024",
    f"{LINEAR} --train --fit-in 24": "--fit-in 24: a unit is expected: 24GiB, 24MiB or 24GB",
    f"{LINEAR} --train --fit-in 0GiB": "--fit-in 0GiB: nothing fits in no memory: more than 0 is "
    "expected",
    f"{LINEAR} --train --fit-in lots": "--fit-in lots: a size of memory is expected, such as "
    "24GiB, 512MiB or 8GB",
    f"{LINEAR} --train --fit-in 12345678901234567890GiB": "--fit-in 12345678901234567890GiB: at "
    "most 909.5 TiB is possible",
    f"{LINEAR} --train --fit-in {'9' * 400}B": f"--fit-in {'9' * 40}…: at most 909.5 TiB is "
    "possible",
    f"{LINEAR} --train --fit-in 100B": "parameters, gradients and the states of adam take 168 "
    "bytes (168 bytes), more than the 100 bytes there are",
    f"{LINEAR} --train --optimizer lion": "--optimizer lion: write adam, adamw, sgd, momentum, "
    "rmsprop, adagrad or none",
    f"{LINEAR} --fit-in 1GiB": "--fit-in is about training: add --train, which says what that "
    "takes",
    "net --layers 'ReLU()' --in 3 --timeout 0": "--timeout 0: a number from 0.001 to 3,600 is "
    "expected",
    "net --layers 'ReLU()' --in 3 --timeout -1": "--timeout -1: a number from 0.001 to 3,600 is "
    "expected",
    "net --layers 'ReLU()' --in 3 --timeout 1s": "--timeout 1s: a number from 0.001 to 3,600 is "
    "expected",
    "demo --in 3x32x32 --k 3": "--in 3x32x32 is too large to print: Ũ would be 1 × 900 × 27 = "
    "24,300 numbers, the limit is 4,096",
    "demo --in 1x8x8x8 --k 3": "--in 1x8x8x8 has 3 spatial axes: demo walks through 1-D and 2-D "
    "layers, CxL or CxHxW would do",
    "demo --in 1x3x3 --k 2 --grad '[[1, 2]]'": "--grad is 1 × 1 × 1 × 2: Y∇ has the shape of Y, "
    "1 × 1 × 2 × 2",
    "demo --in 1x3x3 --k 2 --grad '[[1, 2], [3]]'": "--grad is ragged: at level 2 its lists are of "
    "length 1 and 2; Y∇ has the shape of Y, 1 × 1 × 2 × 2",
    "demo --in 1x3x3 --k 2 --grad '[]'": "--grad has an empty list: nested lists of numbers are "
    "expected, [[1, 2], [3, 4]] for example; Y∇ has the shape of Y, 1 × 1 × 2 × 2",
    "demo --in 1x8 --k 2 --patch 1,2": "--patch 1,2: the windows of a 1-D layer are 0 to 6",
    "demo --in 1x4 --k 2 --grad '[[[[1]]]]'": "--grad is nested 4 deep: 1 to 3 are expected, "
    "[1, 2, 3] for example; Y∇ has the shape of Y, 1 × 1 × 3",
    "demo --in 1x3x3 --k 2 --grad '[[\"a\"]]'": '--grad has "a", which is not a number: nested '
    "lists of numbers are expected, [[1, 2], [3, 4]] for example; Y∇ has the shape of Y, "
    "1 × 1 × 2 × 2",
    "demo --in 1x4x4 --k 2 --pool max --out 1": "--out 1 has no meaning for pooling, which keeps "
    "the "
    "1 channel",
    "demo --in 1x4x4 --k 2 --pool max --groups 1": "--groups has a meaning for convolutions, not "
    "for "
    "pooling",
    "demo --in 1x4x4 --k 2 --pool avg --w '[[1]]'": "--w has a meaning for convolutions, not for "
    "pooling",
    "demo --in 1x4x4 --k 2 --pool avg --transposed": "--transposed has a meaning for convolutions, "
    "not for pooling",
    "demo --in 1x4x4 --k 2 --pool avg --fold": "--fold has a meaning for convolutions, not for "
    "pooling",
    "demo --in 1x4x4 --k 2 --transposed --layout bkp": "--layout bkp has a meaning for "
    "convolutions, "
    "not for a transposed convolution",
    "demo --in 1x4x4 --k 2 --output-padding 1": "--output-padding has a meaning for transposed "
    "convolutions only",
    "demo --in 1x4x4 --k 2 --ceil-mode": "--ceil-mode has a meaning for pooling only",
    "demo --in 2x3x3 --w '[[[[1]]]]' --transposed": "--w has kernels for 1 channel, "
    "the input has 2",
    "demo --code unfold --k 2": "--k has no meaning with --code, which is the same for all",
    "demo --in 1x60x60 --k 2 --s 2 --transposed": "--in 1x60x60 is too large to print: Ũ would be "
    "1 × 3,600 × 4 = 14,400 numbers, the limit is 4,096",
    "demo --in 1x90x90 --k 2 --pool avg": "--in 1x90x90 is too large to print: X would be "
    "1 × 1 × 90 × 90 = 8,100 numbers, the limit is 4,096",
    "demo --in 1x4 --k 9": "length: --k 9 is larger than the padded input, 4: padding 3 or more "
    "would "
    "do",
    "demo --in 3x4x4 --k 3 --patch 9": "--patch 9: the patches here are 0 to 3",
}


@pytest.mark.parametrize("line", REFUSED)
def test_one_sentence_and_status_2(line, run):
    result = run(line)
    assert result.stderr == f"Error: {REFUSED[line]}\n"
    assert result.stdout == ""
    assert result.exit_code == 2


@pytest.mark.parametrize(
    "line",
    ["shap", "--foo", "shape --foo", "shape --in", "demo --dtype", "shape --format xml"],
)
def test_what_click_refuses_is_one_sentence_too(line, run):
    result = run(line)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert line.split()[-1] in result.stderr


def test_an_error_is_readable_in_ascii(run):
    result = run("demo --in 3x32x32 --k 3", charset="ascii")
    assert "U~ would be 1 x 900 x 27 = 24,300 numbers" in result.stderr


OWN = {
    "demo --x '[[1, 2], [3, 4]' --k 2": "--x [[1, 2], [3, 4]: not JSON, at line 1, column 16: "
    "nested lists of numbers are expected, [[1, 2], [3, 4]] for example, or a .json file",
    "demo --x '[[1, true]]' --k 1": "--x has true, which is not a number: nested lists of numbers "
    "are expected, [[1, 2], [3, 4]] for example",
    "demo --x '[[1, null]]' --k 1": "--x has null, which is not a number: nested lists of numbers "
    "are expected, [[1, 2], [3, 4]] for example",
    "demo --x '[[NaN]]' --k 1": "--x [[NaN]]: NaN is not a number that can be calculated with",
    "demo --x '[[1e999]]' --k 1": "--x takes numbers from -1,000,000,000,000 to 1,000,000,000,000",
    "demo --x none.json --k 1": "--x none.json: No such file or directory",
    "demo --x '[[1, 2], [3]]' --k 1": "--x is ragged: at level 2 its lists are of length 1 and 2",
    "demo --in 1x2x2 --w '[[1, 2], [3, 4], [5, 6]]'": "height: --w's kernel 3 is larger than the "
    "padded input, 2: padding 1 or more would do",
    "demo --x '[[1, 2]]'": "--k is missing, --k 2 for example",
    "demo --w '[[1, 2]]'": "--in is missing, --in 2x3x3 for example",
    "demo --x '[[1, 2]]' --in 1x2x2 --k 1": "--in 1x2x2: X itself has 1x1x2",
    "demo --x '[[1, 2]]' --w '[[1]]' --out 2": "--out 2: W itself has 1",
    "demo --in 1x3x3 --k 2 --patch 2,0": "--patch 2,0: the windows here are (0, 0) to (1, 1)",
    "demo --in 1x3x3 --k 2 --patch 1,1,1": "--patch 1,1,1: not understood, write 5, or 1,2 for the "
    "window (1, 2)",
}


@pytest.mark.parametrize("line", OWN)
def test_own_numbers_are_refused_in_one_sentence(line, run):
    result = run(line)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == f"Error: {OWN[line]}\n"


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "[[" + "9" * 5000 + "]]", "[" * 5 + "1" + "]" * 5, '{"a": 1}', "1", "[]"],
)
def test_no_numbers_are_a_bomb(text, run, tmp_path):
    (tmp_path / "x.json").write_text(text)
    for given in (text, f"{tmp_path}/x.json"):
        result = run(["demo", "--k", "1", "--x", given])
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1
        assert len(result.stderr) < 400


def test_a_file_of_numbers_is_bounded(run, tmp_path):
    (tmp_path / "x.json").write_text("[[" + "1," * 600_000 + "1]]")
    result = run(["demo", "--k", "1", "--x", f"{tmp_path}/x.json"])
    assert result.stderr.endswith(": longer than 1,000,000 characters\n")
