"""Run the traps of traps/ in PyTorch, and keep what they do in traps.json.

Run with PyTorch 2.13.0: python tests/data/make_traps.py

In each of them a reader that is not careful gives a wrong number. A line is as in models.json, with
"trap": what is careless. Where "refused" is true no number is right, and "trap" says why; where
"may_refuse" is true a refusal is as good as PyTorch's answer, but no other number is. "note_line"
is the line that a note has to name, since PyTorch says nothing of it.
"""

import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import torch
from load_model import build
from run_pytorch import BatchMatters, measure, one_line

FOLDER = Path(__file__).parent
CASES = []


def case(trap, target, *shapes, **more):
    shapes = [list(shape) for shape in shapes]
    CASES.append({"target": target, "trap": trap, "input": shapes, **more})


def refused(trap, target, *shapes, **more):
    case(trap, target, *shapes, refused=True, **more)


def may_refuse(trap, target, *shapes, **more):
    case(trap, target, *shapes, may_refuse=True, **more)


RGB32 = (3, 32, 32)

# The top level counts, in order.
case("a layer is put in place of another", "fc_replaced.py", (3, 64, 64), means="model")
case("items of a Sequential are replaced", "classifier_item_replaced.py", (1, 64, 64), means="net")
case("the class gets another forward", "forward_replaced.py:Net", (10,))
may_refuse("the instance gets another forward", "forward_of_instance.py", (10,), means="model")
case("a class counts what is made of it", "class_counter.py", RGB32, means="net")
case("made before the name changed", "global_twice.py:before", (1, 9, 9))
case("made after the name changed, its default didn't", "global_twice.py:after", (1, 9, 9))
case("made now, after all changes", "global_twice.py:Net", (1, 9, 9))
case("what is defined is a default no more", "global_twice.py:Net(kernel=KERNEL)", (1, 9, 9))
case("apply replaces layers", "apply_swap.py", (3, 12, 12), means="net")
case("a loop over the children replaces some", "children_replaced.py", RGB32, means="model")
case("a loop at the top level builds layers", "loop_known.py", (8,), means="model")
refused("a loop over data changes a size", "loop_unknown.py", (3, 10, 10), means="model")
case("a training loop changes no size", "loop_harmless.py", RGB32, means="model")
refused("a loop over data hands the model over", "loop_hands_over.py", RGB32, means="model")
refused("an unknown library gives a size", "unknown_library.py", (13,), means="model")
case("an unknown library gives no size", "library_not_needed.py", (13,), means="model")
case("the environment is empty", "environment.py", (10,), means="model")
refused("a file gives a size", "config_file.py", (10,), means="model")
refused("the user gives a size", "asks_the_user.py", (10,), means="model")
may_refuse("eval makes the layers", "evaluated.py", (4,), means="model")
may_refuse("exec makes the layers", "executed.py", (4,), means="model")
refused("a set of strings has no order", "set_order.py", (3,), means="model")
case("the main guard isn't read", "name_main.py", (4,), means="net")
case("the main guard isn't read", "name_main.py:Net", (4,))
case("names are looked for in their own file", "two_files.py:model[0]", (4,))
case("another file's names are set", "two_files.py:model[1]", (2,))
may_refuse("data goes through a wrapper", "data_parallel.py", (3, 9, 9), means="model")
case("options of many kinds", "options.py", (3, 20), means="model")
case("a decorator keeps classes by name", "registry.py:create('wide')", (5,))
case("a decorator keeps classes by name", "registry.py:create('perceptron', out=4)", (5,))

# Values, randomness, hooks, attributes.
refused("a tensor's values decide", "value_condition.py:Net", (16,))
refused("a tensor's values decide how many rows", "value_mask.py:Net", (16,))
refused("a tensor's value is a size", "value_item.py:Net", (9, 16), (), kinds=["float", "int"])
refused("the number of layers is random", "random_structure.py", (16,), means="model")
refused("what is called is random", "random_depth.py:StochasticNet", (16,))
case("only values are random", "random_values_only.py:Noisy", (16,))
refused("a hook changes what comes out", "forward_hook.py", RGB32, means="model")
may_refuse("a hook only reads", "forward_hook_reads.py:Net", RGB32)
may_refuse("a stride is changed", "stride_changed.py", RGB32, means="model")
may_refuse("strides and dilations are changed", "dilation_instead_of_stride.py:model", RGB32)
may_refuse("an attribute that nothing reads", "channels_attribute.py", (3, 8, 8), means="model")
may_refuse("a weight has another shape", "weight_replaced.py", (1, 8, 8), means="model")

# The batch.
case("four rows of each sample", "view_rows.py:Net", (1, 48, 48), note_line=17)
case("one row of each sample", "view_rows.py:Net", (1, 28, 28))
case("squeeze", "squeeze_all.py:Net", (3, 20, 20))
case("the batch by x.size(0) and len(x)", "batch_by_size.py:Net", (4, 12))
case("batch and time in one", "batch_and_time.py:Net", (4, 3, 6, 6))
case("batch and time in one", "batch_and_time.py:Net", (3, 3, 6, 6))
may_refuse("the batch is taken for the time", "batch_first_forgotten.py:Net", (7, 8))
case("two batches in one", "batch_joined.py:Contrast", RGB32, RGB32)
may_refuse("the batch is gone", "batch_indexed.py:First", (6,))
may_refuse("the batch is flattened, too", "flatten_zero.py", (6,), means="model")

# Tensors.
case("views of what isn't in order", "contiguous_views.py:Net", (4, 6, 8))
case("views that work all the same", "views_that_work.py:SpatialAttention", (32, 12, 12))
case("slices", "sliced_tensors.py:Slices", (6, 11, 13))
case("negative indices", "negative_indices.py:Net", (3, 20, 20))
case("sizes of pooling, padding and interpolation", "upsampled_sizes.py:Net", (2, 13, 17))
case("broadcasting", "broadcasts.py:Net", (5, 7))
case("einsum", "einsums.py:Net", (4, 5), (5, 6))
case("einsum of three, from left to right", "einsums.py:Three", (4, 5), (5, 6))
case("reductions", "reductions.py:Net", (4, 6, 8))
case("rearrangements", "rearranged.py:Net", (6, 4, 4))

# Modules.
case("own classes with torch's names", "own_relu.py:Net", RGB32)
case("layers in plain lists", "plain_list.py:Net", (10,))
case("a layer called three times", "called_twice.py:Net", (4, 16, 16))
case("one layer three times", "shared_by_multiplication.py:shared", (8,))
case("three layers", "shared_by_multiplication.py:apart", (8,))
case("copies and the same", "shared_by_multiplication.py:copies", (8,))
case("copies", "shared_by_multiplication.py:encoder", (8,))
case("layers that are never called", "never_called.py:Net", RGB32)
case("called after all", "never_called.py:Net(use_attention=True)", (3, 8, 8))
case("parameters outside layers", "parameters_outside.py:Net", (3, 8, 8))
case("tied weights count once", "tied.py:Tied", (9,), kinds=["int"])
case("frozen parameters", "frozen.py", (3, 8, 8), means="model")
case("inheritance", "inheritance.py:Base", RGB32)
case("an attribute and a method overridden", "inheritance.py:Wide", RGB32)
case("a mixin before", "inheritance.py:WideNormed(depth=1)", RGB32)
case("a list of the class grows", "class_attributes.py:first", (4,))
case("a list of the class grows", "class_attributes.py:second", (4,))
case("the class's attribute changed", "class_attributes.py:third", (4,))
case("a layer is overwritten", "overwritten.py", (3, 8, 8), means="model")
case("parts of a network", "sliced_features.py:Perceptual", (3, 16, 16))
case("a Sequential with its own forward", "sequential_subclass.py", (4,), means="model")
case("properties", "properties.py:Net", (3, 16, 16))
may_refuse("__getattr__", "getattr_override.py", (6,), means="model")
case("a branch for training", "training_branch.py:Net", (3, 8, 8))
case("a branch for training", "training_branch.py:Net", (3, 8, 8), train=True)
case("a branch for scripting", "scripting.py:Net", (6,))
case("isinstance", "isinstance_checks.py:model", (8, 9, 9))
case("what modules() found", "isinstance_checks.py:head", (20,))
case("__call__", "call_override.py:Net", (4,))
case("a named tuple comes out", "named_outputs.py:Net", (4,))
may_refuse("checkpoint", "checkpointed.py:Net", (6,))
case("arguments with defaults", "int_inputs.py:Net", (7,), kinds=["int"])
case("arguments with defaults", "int_inputs.py:Net", (7,), (7,), kinds=["int", "int"])

# Python.
case("a default is made once", "mutable_default.py:one", (6,))
case("a default is made once", "mutable_default.py:two", (6,))
case("a default is made once", "mutable_default.py:a", (3,))
case("a default is made once", "mutable_default.py:b", (3,))
case("lambdas see the last value", "late_binding.py:late", (5,))
case("lambdas with defaults see their own", "late_binding.py:early", (5,))
case("nonlocal", "late_binding.py:counted", (3,))
case("rounding", "rounding.py:Net", (10,))
case("comparisons", "comparisons.py", (2,), means="model")
case("own functions with Python's names", "shadowed_builtins.py", (3,), means="model")
case("the same name in many places", "shadowed_names.py:early", (2,))
case("the same name in many places", "shadowed_names.py:model", (2,))
case("the same name in many places", "shadowed_names.py:made", (3,))
case("the order of a dict", "dict_order.py:in_order", (3,))
case("the order of a dict", "dict_order.py:by_size", (3,))
case("the order of a dict", "dict_order.py:grouped", (5,))
case("imports that fail", "import_fallback.py:Net", (8,))
case("exceptions", "exceptions.py:Net", (2, 10))
case("getattr finds something", "exceptions.py:Net('Tanh')", (2, 10))
may_refuse("an exception in the forward", "exception_in_forward.py:Net", (4, 9))
may_refuse("no exception in the forward", "exception_in_forward.py:Net", (4, 8))
case("generators are empty after", "generators.py:first", (6,))
case("generators are empty after", "generators.py:second", (6,))
case("generators", "generators.py:third", (6,))
case("generators", "generators.py:fourth", (6,))
case("loops with else, break, continue", "control_flow.py", (3, 50, 50), means="model")
case("loops with else, break, continue", "control_flow.py:small", (3, 20, 20))
case("arguments of all kinds", "arguments.py", (3, 40, 40), means="model")
case("arguments of all kinds", "arguments.py:stack", (5,))
case("unpacking and walrus", "arguments.py:chain", (4,))
case("own numbers", "own_numbers.py", (2, 20, 20), means="model")
case("lists and strings", "lists_and_strings.py", (1, 16, 16), means="model")
case("lists and strings", "lists_and_strings.py:head", (3,))
refused("it doesn't end", "endless.py", (4,), means="model")
refused("it doesn't end", "endless.py:Net", (4,))
refused("it makes itself", "too_deep.py:Net", (4,))

# Found by random classes and by public models.
for name in (
    "OneRowMore", "WithoutTheFirst", "Differences", "HalfOfThem", "OneMore", "OneByOne",
    "RowByRow", "PooledAcross", "ManyOrFew", "AtMostEight", "OfTwo", "TheThird", "Covariance",
):  # fmt: skip
    refused("a size hangs on the batch", f"batch_sizes.py:{name}", (6,))
case("sizes of the batch that are right for any", "batch_sizes.py:StillFine", (6,))
case("how results lie in memory", "layouts.py:Images", (4, 6, 8))
case("how results lie in memory", "layouts.py:Sequences", (6, 4))
case("how results lie in memory in training", "layouts.py:Images", (4, 6, 8), train=True)
case("how recurrent layers lay out what comes out", "layouts.py:Recurrent", (6, 4))
case("torch.Tensor takes sizes", "made_of_sizes.py:Net", (5,))
case("functions that are seldom used", "seldom_used.py:Net", (6, 4))
case("which products count", "seldom_used.py:Work", (6, 4))
case("a layer that is wrong and never called", "made_but_wrong.py:Net", (3, 9, 9))
case("modules set and found by hand", "made_but_wrong.py:Tree(2)", (4,))
case("an __init__ by partialmethod", "made_but_wrong.py:model", (4,))
case("einops", "einops_axes.py:Axes", (6, 4, 8))
case("einops as layers", "einops_axes.py:Patches", (6, 4, 8))
refused("a class of torch is replaced for all", "torch_changed.py:wider", (6,))
refused("a method of torch is replaced for all", "call_of_all_changed.py:Net", (6,))
refused("a library is handed the network's data", "library_in_forward.py:Net", (6,))

case("layers are told by the classes that they share", "families.py:Net", (3, 8, 8))

case("functions with a backward of their own", "own_function.py:Net", (8,))

# What holds modules.
case("a list is changed in every way", "containers.py:Lists", (4,))
case("a chain is changed, cut and shared", "containers.py:Chains", (4,))
case("modules and parameters by their names", "containers.py:Dicts", (4,))
case("modules are walked through", "containers.py:Walked", (3, 8, 8))

# What nn.Module keeps apart.
case("a method has a layer's name", "kept_apart.py:Method", (8,))
case("a class attribute has a layer's name", "kept_apart.py:Default", (1, 8, 8))
case("a property has a layer's name", "kept_apart.py:Read", (3,))
case("a private name", "kept_apart.py:Private", (3,))
case("a layer is left without its bias", "kept_apart.py:Scaled", (3, 8, 8))
case("an object's attributes come as a dict", "kept_apart.py:Configured", (3,))
case("products lie in another order", "kept_apart.py:Together", (5, 2, 4))


def answer(asked):
    """Return a case with PyTorch's answers."""
    asked = dict(asked)
    if asked.get("refused"):
        asked.pop("means", None)
        return asked
    file, _, expression = asked["target"].partition(":")
    model = build(FOLDER / "traps" / file, expression or asked["means"])
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
        try:
            answers.append(answer(asked))
        except (BatchMatters, Exception) as error:
            print(f"FAILED {asked['target']}: {type(error).__name__}: {error}")
            continue
        last = answers[-1]
        shown = {key: last.get(key) for key in ("output", "params", "trainable", "macs")}
        print(last["target"], shown, len(last.get("calls", [])))
    if not wanted:
        lines = ",\n".join(map(one_line, answers))
        FOLDER.joinpath("traps.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(answers)} of {len(CASES)} traps, PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
