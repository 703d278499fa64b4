"""Ask real packages for the parameters, outputs and multiply-accumulates of their models.

Run by hand, with the Python of an environment that has torch and the packages:

    python tests/data/make_packages.py timm torchvision … > tests/data/packages.json

`pytest --packages` asks convcalc for the same, of texts that pip fetches into a folder of the test,
`pytest --packages FOLDER` of those that lie there. A number that is null isn't compared:
`flop_counter` counts no attention that the processor does in one kernel of its own.

A case is a call as the package's documentation has it: for timm the first name of every module, for
transformers every XModel(XConfig()). It is made on the `meta` device, where weights take no room,
or on the processor where that fails; where none of the usual inputs fits, its parameters are asked
for alone, and its output is null. A case that the package itself can't make is left out.
"""

import contextlib
import importlib
import inspect
import json
import signal
import sys
import warnings

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

SECONDS = 20
"""How long a model may take."""
LARGEST = 200_000_000
"""The most parameters of a model that is made on the processor."""
OF_META = "meta", "item()", "FakeTensor", "NotImplemented", "_local_scalar_dense", "on cpu"
"""What an error says that has to do with tensors that hold no numbers."""


def leaves(output):
    """Return the shapes of all tensors of an output, in their order."""
    if isinstance(output, torch.Tensor):
        return [list(output.shape)]
    if isinstance(output, dict):
        return [each for value in output.values() for each in leaves(value)]
    if isinstance(output, (list, tuple)):
        return [each for value in output for each in leaves(value)]
    return []


def tensors(inputs, device):
    """Return what goes into a forward, by place and by name.

    A shape is one sample's; a name before it (`input_ids=16:int64`) is the argument's.
    """
    given, named = [], {}
    for text in inputs:
        name, _, shape = text.rpartition("=")
        sizes, _, dtype = shape.partition(":")
        size = (1, *(int(each) for each in sizes.strip("()").split("x") if each))
        whole = dtype.startswith("int") or dtype == "bool"
        made = torch.ones if whole else torch.rand
        tensor = made(size, dtype=getattr(torch, dtype or "float32"), device=device)
        if name:
            named[name] = tensor
        else:
            given.append(tensor)
    return given, named


def asked(source, tries):
    """Return what PyTorch says of a model that a source makes, for the first inputs that it takes.

    Of a model that takes none of them, its parameters alone.
    """
    errors, count, made = [], 0, False
    for device in ("meta", "cpu"):
        if count > LARGEST:
            break
        names = {}
        with bounded(errors), torch.device(device), torch.no_grad():
            exec(source, names)
            model = names["model"].eval()
            count, made = sum(each.numel() for each in model.parameters()), True
        for inputs in tries if "model" in names else ():
            if device == "cpu" and not any(word in errors[-1] for word in OF_META):
                break  # which would be the same there
            with bounded(errors), torch.device(device), torch.no_grad():
                given, named = tensors(inputs, device)
                counter = FlopCounterMode(display=False)
                with counter, sdpa_kernel(SDPBackend.MATH):  # the only one that is counted
                    output = model(*given, **named)
                macs = counter.get_total_flops() // 2
                found = {"params": count, "output": leaves(output), "macs": macs}
                return {"inputs": inputs, **found}
    if made:
        return {"inputs": [], "params": count, "output": None, "macs": None}
    return {"inputs": tries[0], "error": errors}


@contextlib.contextmanager
def bounded(errors):
    """Give what stands within so much time, and keep what it raises."""
    signal.alarm(SECONDS)
    try:
        yield
    except (Exception, TimeoutError) as error:
        errors.append(f"{type(error).__name__}: {error}"[:200])
    finally:
        signal.alarm(0)


def interrupt(number, frame):
    raise TimeoutError(f"more than {SECONDS} s")


def of_timm():
    import timm

    for module in timm.list_modules():
        name = timm.list_models(module=module)[0]
        size = timm.get_pretrained_cfg(name).input_size
        yield f"import timm\nmodel = timm.create_model({name!r})", ["x".join(map(str, size))]


def of_torchvision():
    from torchvision import models

    special = {"inception_v3": "3x299x299", "vit_h_14": "3x224x224"}
    seen = set()
    for name in sorted(models.list_models()):
        builder = models.get_model_builder(name)
        module = builder.__module__.removeprefix("torchvision.models.")
        if module in seen or module.startswith(("detection", "quantization")):
            continue
        seen.add(module)
        sizes = [special.get(name, "3x224x224")]
        if module.startswith("video"):
            sizes = ["3x16x224x224"]
        if module.startswith("optical_flow"):
            sizes = ["3x128x128", "3x128x128"]
        room, _, _ = module.rpartition(".")
        place = f"torchvision.models.{room}" if room else "torchvision.models"
        yield f"from {place} import {builder.__name__}\nmodel = {builder.__name__}()", sizes


def of_segmentation_models_pytorch():
    import segmentation_models_pytorch as smp

    for name in smp.MODEL_ARCHITECTURES_MAPPING.values():
        for encoder in ("resnet34", "mobilenet_v2"):
            yield (
                "import segmentation_models_pytorch as smp\n"
                f"model = smp.{name.__name__}({encoder!r}, encoder_weights=None, classes=3)",
                ["3x128x128"],
            )


MONAI = {
    "UNet(spatial_dims=3, in_channels=1, out_channels=2, channels=(4, 8, 16), strides=(2, 2), "
    "num_res_units=2)": ["1x32x32x32"],
    "UNet(spatial_dims=2, in_channels=1, out_channels=3, channels=(16, 32, 64), strides=(2, 2))": [
        "1x64x64"],
    "BasicUNet(spatial_dims=2, features=(64, 128, 256, 512, 1024, 128))": ["1x64x64"],
    "BasicUNetPlusPlus(spatial_dims=2, in_channels=1, out_channels=2)": ["1x64x64"],
    "AttentionUnet(spatial_dims=3, in_channels=1, out_channels=2, channels=(8, 16, 32), "
    "strides=(2, 2))": ["1x32x32x32"],
    "DynUNet(spatial_dims=3, in_channels=1, out_channels=2, kernel_size=[3, 3, 3], "
    "strides=[1, 2, 2], upsample_kernel_size=[2, 2])": ["1x32x32x32"],
    "UNETR(in_channels=1, out_channels=4, img_size=(96, 96, 96))": ["1x96x96x96"],
    "SwinUNETR(in_channels=1, out_channels=4, feature_size=24)": ["1x64x64x64"],
    "SegResNet(spatial_dims=3, init_filters=8, in_channels=1, out_channels=2)": ["1x32x32x32"],
    "SegResNetVAE(input_image_size=(32, 32, 32), in_channels=1, out_channels=2)": ["1x32x32x32"],
    "SegResNetDS(spatial_dims=3, in_channels=1, out_channels=2)": ["1x32x32x32"],
    "VNet(spatial_dims=3, in_channels=1, out_channels=2)": ["1x32x32x32"],
    "HighResNet(spatial_dims=3, in_channels=1, out_channels=2)": ["1x32x32x32"],
    "DenseNet121(spatial_dims=2, in_channels=1, out_channels=2)": ["1x64x64"],
    "DenseNet(spatial_dims=3, in_channels=1, out_channels=2)": ["1x64x64x64"],
    "SENet154(spatial_dims=2, in_channels=3, num_classes=2)": ["3x64x64"],
    "SEResNet50(spatial_dims=3, in_channels=1, num_classes=2)": ["1x64x64x64"],
    "SEResNext50(spatial_dims=2, in_channels=3, num_classes=2)": ["3x64x64"],
    "resnet18(spatial_dims=3, n_input_channels=1, num_classes=2)": ["1x64x64x64"],
    "resnet50(spatial_dims=2, n_input_channels=3, num_classes=2)": ["3x64x64"],
    "EfficientNetBN('efficientnet-b0', pretrained=False, spatial_dims=2, in_channels=3, "
    "num_classes=2)": ["3x64x64"],
    "ViT(in_channels=1, img_size=(96, 96, 96), patch_size=(16, 16, 16), proj_type='conv', "
    "pos_embed_type='sincos')": ["1x96x96x96"],
    "ViT(in_channels=3, img_size=(128, 128), patch_size=(16, 16), spatial_dims=2, "
    "classification=True)": ["3x128x128"],
    "ViTAutoEnc(in_channels=1, img_size=(96, 96, 96), patch_size=(16, 16, 16))": ["1x96x96x96"],
    "AutoEncoder(spatial_dims=2, in_channels=1, out_channels=1, channels=(2, 4, 8), "
    "strides=(2, 2, 2))": ["1x32x32"],
    "VarAutoEncoder(spatial_dims=2, in_shape=(1, 32, 32), out_channels=1, latent_size=2, "
    "channels=(16, 32, 64), strides=(1, 2, 2))": ["1x32x32"],
    "Discriminator(in_shape=(1, 64, 64), channels=(2, 4, 8), strides=(2, 2, 2))": ["1x64x64"],
    "Generator(latent_shape=64, start_shape=(8, 8, 8), channels=(8, 4, 1), strides=(2, 2, 1))": [
        "64"],
    "Classifier(in_shape=(1, 64, 64), classes=2, channels=(2, 4, 8), strides=(2, 2, 2))": [
        "1x64x64"],
    "Regressor(in_shape=(1, 64, 64), out_shape=(2,), channels=(2, 4, 8), strides=(2, 2, 2))": [
        "1x64x64"],
    "FlexibleUNet(in_channels=3, out_channels=2, backbone='efficientnet-b0')": ["3x64x64"],
    "TorchVisionFCModel('resnet18', num_classes=2)": ["3x224x224"],
    "MILModel(num_classes=2)": ["4x3x128x128"],
    "FullyConnectedNet(10, 2, [32, 16])": ["10"],
    "Quicknat(num_classes=3, num_channels=1)": ["1x64x64"],
    "DiNTS(TopologyInstance())": ["1x32x32x32"],
    "Ahnet(layers=(3, 4, 6, 3), spatial_dims=2, in_channels=1)": ["1x128x128"],
    "AHNet(spatial_dims=2, in_channels=1)": ["1x128x128"],
    "LocalNet(spatial_dims=2, in_channels=2, num_channel_initial=8, extract_levels=[0, 1, 2], "
    "out_kernel_initializer='kaiming_uniform', out_activation=None, out_channels=2)": ["2x64x64"],
    "RegUNet(spatial_dims=2, in_channels=2, num_channel_initial=8, depth=2)": ["2x64x64"],
    "MedNeXtS(spatial_dims=3, in_channels=1, out_channels=2)": ["1x32x32x32"],
    "SwinTransformer(1, 24, (7, 7, 7), (2, 2, 2), (2, 2, 2, 2), (3, 6, 12, 24), spatial_dims=3)": [
        "1x64x64x64"],
    "TransformerBlock": [],
    "AutoencoderKL(spatial_dims=2, in_channels=1, out_channels=1, channels=(32, 64), "
    "attention_levels=(False, False), num_res_blocks=1, norm_num_groups=16, "
    "latent_channels=3)": ["1x32x32"],
    "VQVAE(spatial_dims=2, in_channels=1, out_channels=1, channels=(64, 64), "
    "num_res_channels=(64, 64), num_res_layers=2)": ["1x32x32"],
    "DiffusionModelUNet(spatial_dims=2, in_channels=1, out_channels=1, channels=(32, 64), "
    "attention_levels=(False, True), num_res_blocks=1, num_head_channels=8, norm_num_groups=16)": [
        "1x32x32", "timesteps=():int64"],
    "ControlNet(spatial_dims=2, in_channels=1, channels=(32, 64), "
    "attention_levels=(False, True), num_res_blocks=1, num_head_channels=8, norm_num_groups=16, "
    "conditioning_embedding_num_channels=(16,))": [
        "1x32x32", "timesteps=():int64", "controlnet_cond=1x32x32"],
    "PatchDiscriminator(spatial_dims=2, channels=16, in_channels=1)": ["1x64x64"],
    "MultiScalePatchDiscriminator(num_d=2, num_layers_d=2, spatial_dims=2, channels=16, "
    "in_channels=1)": ["1x128x128"],
    "SPADENet": [],
    "DecoderOnlyTransformer(num_tokens=10, max_seq_len=16, attn_layers_dim=8, "
    "attn_layers_depth=2, attn_layers_heads=2)": ["16:int64"],
    "Transchex": [],
}  # fmt: skip


def of_monai():
    for call, inputs in MONAI.items():
        if inputs:
            names = call.partition("(")[0]
            if names == "DiNTS":
                yield (
                    "from monai.networks.nets import DiNTS, TopologyInstance, TopologySearch\n"
                    "import torch\n"
                    "model = DiNTS(TopologySearch(num_blocks=4, num_depths=3))", inputs
                )  # fmt: skip
                continue
            yield f"from monai.networks.nets import {names}\nmodel = {call}", inputs


DIFFUSERS = {
    "UNet2DModel(sample_size=64)": ["3x64x64", "timestep=():int64"],
    "UNet2DConditionModel(sample_size=32)": [
        "4x32x32", "timestep=():int64", "encoder_hidden_states=7x1280"],
    "AutoencoderKL()": ["3x64x64"],
    "AutoencoderTiny()": ["3x64x64"],
    "AsymmetricAutoencoderKL()": ["3x64x64"],
    "VQModel()": ["3x64x64"],
    "AutoencoderDC": [],
    "DiTTransformer2DModel(num_layers=2)": [
        "4x32x32", "timestep=():int64", "class_labels=():int64"],
    "Transformer2DModel(in_channels=32, num_attention_heads=4, attention_head_dim=8)": ["32x8x8"],
    "PriorTransformer(num_layers=2)": [
        "768", "timestep=():int64", "proj_embedding=768", "encoder_hidden_states=77x768"],
    "SD3Transformer2DModel(num_layers=2)": [
        "16x32x32", "encoder_hidden_states=7x4096", "pooled_projections=2048",
        "timestep=():int64"],
    "PixArtTransformer2DModel(num_layers=2)": [
        "4x32x32", "encoder_hidden_states=7x1152", "timestep=():int64"],
    "ControlNetModel()": [
        "4x32x32", "timestep=():int64", "encoder_hidden_states=7x1280",
        "controlnet_cond=3x256x256"],
    "UNet1DModel(in_channels=14, out_channels=14, block_out_channels=(32, 32), "
    "down_block_types=('DownBlock1D', 'DownBlock1D'), up_block_types=('UpBlock1D', 'UpBlock1D'), "
    "extra_in_channels=0)": ["14x32", "timestep=():int64"],
    "UNet3DConditionModel(sample_size=16)": [
        "4x2x16x16", "timestep=():int64", "encoder_hidden_states=7x1024"],
    "MotionAdapter": [],
    "T2IAdapter(in_channels=3)": ["3x256x256"],
    "AutoencoderKLTemporalDecoder()": [],
    "ConsistencyDecoderVAE": [],
    "UViT2DModel": [],
    "StableCascadeUNet": [],
    "HunyuanDiT2DModel": [],
    "AuraFlowTransformer2DModel(num_mmdit_layers=1, num_single_dit_layers=1)": [
        "4x32x32", "encoder_hidden_states=7x2048", "timestep=()"],
    "LuminaNextDiT2DModel": [],
    "SanaTransformer2DModel(num_layers=2)": [
        "32x16x16", "encoder_hidden_states=7x2304", "timestep=():int64"],
    "AutoencoderKLCogVideoX()": ["3x1x64x64"],
    "AutoencoderKLWan(base_dim=16)": ["3x1x64x64"],
    "AutoencoderOobleck": [],
}  # fmt: skip


def of_diffusers():
    for call, inputs in DIFFUSERS.items():
        if inputs:
            yield f"from diffusers import {call.partition('(')[0]}\nmodel = {call}", inputs


def of_transformers():
    import transformers
    from transformers.models.auto import configuration_auto, modeling_auto

    experts = getattr(transformers.PreTrainedModel, "get_correct_experts_implementation", None)

    def counted(self, requested_experts):
        """Choose the one way to ask experts that is counted, and that has no need of numbers."""
        return experts(self, requested_experts or "batched_mm")

    if experts is not None:
        transformers.PreTrainedModel.get_correct_experts_implementation = counted
    for key, name in modeling_auto.MODEL_MAPPING_NAMES.items():
        config = configuration_auto.CONFIG_MAPPING_NAMES.get(key)
        if isinstance(name, (list, tuple)):
            name = name[0]
        if config is None:
            continue
        try:
            model, made = getattr(transformers, name), getattr(transformers, config)()
            forward = list(inspect.signature(model.forward).parameters)[1:]
        except Exception:
            continue
        tries = list(inputs_of(forward, made)) or [[]]
        yield f"from transformers import {name}, {config}\nmodel = {name}({config}())", tries


def inputs_of(forward, config):
    """Yield the inputs that a model of transformers may be made for, by its forward's arguments."""
    vision = getattr(config, "vision_config", None) or config
    first = forward[0] if forward else ""
    if first in ("pixel_values", "pixel_values_videos") or "pixel_values" in forward[:3]:
        channels = getattr(vision, "num_channels", None) or getattr(vision, "in_channels", 3)
        own = getattr(vision, "image_size", None) or getattr(config, "image_size", None)
        own = own if isinstance(own, (list, tuple)) else (own or 224,) * 2
        frames = getattr(vision, "num_frames", None)
        for size in (own, (224, 224), (256, 256), (384, 384), (512, 512), (640, 640)):
            image = "x".join(map(str, (channels, *size)))
            if frames:
                image = f"{frames}x{image}"
            if first == "input_ids":
                yield ["input_ids=16:int64", f"pixel_values={image}"]
            else:
                yield [image]
                yield [image, "input_ids=16:int64"]
    if first == "input_ids":
        if config.is_encoder_decoder or "decoder_input_ids" in forward:
            yield ["input_ids=16:int64", "decoder_input_ids=8:int64"]
        yield ["16:int64"]
    if first == "input_values":
        yield ["16000"]
        yield [f"{getattr(config, 'max_length', 1024)}x{getattr(config, 'num_mel_bins', 128)}"]
        yield ["1x16000"]
    if first == "input_features":
        mel = getattr(config, "num_mel_bins", None)
        mel = mel or getattr(config, "input_feat_per_channel", None)
        mel = mel or getattr(config, "feature_projection_input_dim", 80)
        words = ["decoder_input_ids=8:int64"] if "decoder_input_ids" in forward else []
        for shape in (f"{mel}x3000", f"300x{mel}", f"1x1001x{mel}", f"1x{mel}x1001"):
            yield [f"input_features={shape}", *words]
    if first == "inputs_embeds" or "inputs_embeds" in forward:
        yield [f"inputs_embeds=16x{getattr(config, 'hidden_size', 768)}"]
    if first == "past_values":
        channels = getattr(config, "num_input_channels", 1)
        yield [f"past_values={getattr(config, 'context_length', 32)}x{channels}"]


def main():
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, interrupt)
    import os

    os.environ["HF_HUB_OFFLINE"] = "1"
    found = []
    with contextlib.redirect_stdout(sys.stderr):
        for package in sys.argv[1:]:
            version = importlib.import_module(package).__version__
            for source, inputs in globals()[f"of_{package}"]():
                tries = inputs if isinstance(inputs[0], list) else [inputs]
                case = {"package": package, "version": version, "source": source}
                case |= asked(source, tries)
                found.append(case)
                print(source.splitlines()[-1], case.get("error") or case["params"])
    lines = ",\n".join(json.dumps(case) for case in found if "error" not in case)
    print(f"[\n{lines}\n]")


if __name__ == "__main__":
    main()
