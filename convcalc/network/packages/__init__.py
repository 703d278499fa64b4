"""What is known of other libraries than torch.

einops           its functions and layers
scalars          single numbers, as NumPy has them
arrays           small arrays of numbers, as NumPy has them
numpy            the functions that models work out their sizes with
lightning        its module, which is nn.Module as far as shapes go
fronts/  texts that stand in front of the modules of packages, found by the modules' whole names
fronts/easydict                                     a dict whose entries are attributes too
fronts/huggingface_hub                              the base that saves and loads a model
fronts/huggingface_hub.dataclasses                  dataclasses whose values are checked
fronts/omegaconf                                    configurations, of Python's own values
fronts/timm.models._registry                        timm's models, each read when it is needed
fronts/timm.models._builder                         models without their weights
fronts/transformers.configuration_utils             a configuration of a folder
fronts/transformers.models.auto.auto_factory        the class of a configuration
fronts/transformers.models.auto.configuration_auto  a configuration of a folder
fronts/transformers.generation                      what a model that writes needs of it
fronts/transformers.generation.configuration_utils  how texts are written
fronts/transformers.integrations.hub_kernels        faster kernels, which aren't taken
fronts/transformers.masking_utils                   attention's masks, by their shapes
fronts/transformers.modeling_flash_attention_utils  what annotations need of it
fronts/transformers.modeling_utils                  what transformers' models are made from
fronts/transformers.processing_utils                what annotations need of it
fronts/transformers.utils.auto_docstring            what writes docstrings
fronts/transformers.utils.deprecation               arguments by their former names
fronts/transformers.utils.doc                       what writes docstrings
fronts/transformers.utils.import_utils              what is installed
fronts/transformers.utils.output_capturing          further outputs, where they are asked for
known_libraries  those that train, load, log and draw, and leave alone what they are given
"""
