"""The split: what pictures for training are made of, and what the pictures that training never sees are made of.

Training and `STRANGE` share the machinery but no kind of speckle, structure, transducer shape, colour map, finish,
relief or pulse; only plain grey and the straight rectangular picture stand on both sides. `PLAUSIBLE` is what a real
machine could show: it shares the shapes of transducers and the ways of making speckle with training, but no grain of
it, structure, colour map, relief or pulse.
"""

from deid.training.backgrounds import (
    anatomy,
    artefacts,
    beams,
    finishes,
    speckle,
    strips,
    surfaces,
    tints,
    unseen_anatomy,
)
from deid.training.backgrounds.family import Family
from deid.training.backgrounds.speckle import Grain

TRAINING = Family(
    grains=(
        Grain(speckle.rayleigh, 0.5, 0.6),
        Grain(speckle.rayleigh, 0.7, 0.8),
        Grain(speckle.rayleigh, 0.9, 1.5),
        Grain(speckle.rayleigh, 1.3, 2.6),
        Grain(speckle.rayleigh, 1.8, 1.9),
        Grain(speckle.compounded, 0.6, 0.7),
        Grain(speckle.compounded, 0.8, 1.0),
        Grain(speckle.compounded, 1.1, 1.9),
        Grain(speckle.compounded, 1.5, 3.2),
        Grain(speckle.clustered, 0.9, 1.3),
        Grain(speckle.clustered, 1.4, 2.4),
        Grain(speckle.reduced, 0.9, 1.4),
        Grain(speckle.reduced, 1.4, 2.2),
        Grain(speckle.layered, 0.8, 1.1),
        Grain(speckle.layered, 1.1, 1.8),
    ),
    structures=(
        anatomy.layers,
        anatomy.layers,
        anatomy.organ,
        anatomy.organ,
        anatomy.cysts,
        anatomy.pocket,
        anatomy.pocket,
        anatomy.vessel,
        anatomy.skull,
        anatomy.femur,
        anatomy.spine,
        anatomy.spine,
        anatomy.profile,
        artefacts.reverberation,
        artefacts.needle,
        artefacts.glints,
        artefacts.dashes,
        artefacts.comets,
        artefacts.hair,
        anatomy.chambers,
        anatomy.ribs,
        artefacts.lobes,
        artefacts.mottle,
    ),
    probes=(
        beams.convex,
        beams.convex,
        beams.convex,
        beams.endocavity,
        beams.phased,
        beams.phased,
        beams.linear,
        beams.linear,
        beams.trapezoid,
        beams.panoramic,
    ),
    greys=(
        tints.GREY,
        tints.GREY,
        tints.GREY,
        tints.GREY,
        tints.GREY,
        tints.GREY,
        tints.GREY,
        tints.GREY,
        tints.SEPIA,
        tints.BLUE,
        tints.CANDLE,
        tints.COLD,
        tints.LIFTED,
        tints.GOLD,
    ),
    flows=(tints.RED_BLUE, tints.RED_BLUE, tints.BLUE_RED, tints.VARIANCE, tints.TURBO),
    powers=(tints.POWER, tints.POWER, tints.VIOLET_POWER),
    stiffness=(tints.RAINBOW, tints.TURBO),
    skins=(tints.SKIN, tints.SKIN, tints.AMBER, tints.ROSE, tints.BRONZE, tints.SEPIA),
    finishes=(
        finishes.plain,
        finishes.plain,
        finishes.persistent,
        finishes.painted,
        finishes.sharpened,
        finishes.sharpened,
        finishes.sharpened,
        finishes.coarse,
    ),
    reliefs=(surfaces.face, surfaces.face, surfaces.limbs, surfaces.wallpaper),
    pulses=(strips.arterial, strips.umbilical, strips.venous, strips.mitral),
    zoom=(0.55, 2.3),
    contrast=(0.025, 0.15),
    gamma=(0.8, 2.3),
)

STRANGE = Family(
    grains=(
        Grain(speckle.ringed, 1.0, 1.4),
        Grain(speckle.ringed, 1.8, 2.6),
        Grain(speckle.peppered, 0.9, 1.3),
        Grain(speckle.woven, 0.8, 1.0),
    ),
    structures=(
        unseen_anatomy.tendon,
        unseen_anatomy.honeycomb,
        unseen_anatomy.star,
        unseen_anatomy.nodule,
        unseen_anatomy.streaks,
        unseen_anatomy.lakes,
        unseen_anatomy.gas,
        unseen_anatomy.ladder,
        unseen_anatomy.terraces,
    ),
    probes=(beams.tilted, beams.shallow, beams.slanted, beams.radial, beams.linear),
    greys=(tints.GREY, tints.GREY, tints.GREY, tints.GREY, tints.GREY, tints.JADE, tints.MAGENTA, tints.ICE),
    flows=(tints.MAGENTA_TEAL, tints.FIRE_ICE),
    powers=(tints.GREEN_POWER,),
    stiffness=(tints.FIRE_ICE,),
    skins=(tints.CLAY, tints.MARBLE, tints.OLIVE),
    finishes=(finishes.plain, finishes.interlaced, finishes.stepped, finishes.glowing),
    reliefs=(surfaces.ridges, surfaces.bubbles),
    pulses=(strips.regurgitant, strips.triphasic),
    zoom=(0.65, 2.0),
    contrast=(0.03, 0.13),
    gamma=(0.9, 2.0),
)


_UNSEEN_TISSUE = (
    unseen_anatomy.tendon,
    unseen_anatomy.honeycomb,
    unseen_anatomy.star,
    unseen_anatomy.nodule,
    unseen_anatomy.streaks,
    unseen_anatomy.lakes,
    unseen_anatomy.gas,
)
PLAUSIBLE = Family(
    grains=(
        Grain(speckle.rayleigh, 0.6, 1.1),
        Grain(speckle.rayleigh, 1.1, 2.0),
        Grain(speckle.rayleigh, 1.5, 3.0),
        Grain(speckle.compounded, 0.7, 1.5),
        Grain(speckle.compounded, 1.3, 2.5),
        Grain(speckle.reduced, 1.1, 1.8),
    ),
    # stents and catheters are rare
    structures=(
        *_UNSEEN_TISSUE * 4,
        unseen_anatomy.ladder,
    ),
    probes=(
        beams.convex,
        beams.convex,
        beams.convex,
        beams.endocavity,
        beams.phased,
        beams.phased,
        beams.linear,
        beams.linear,
        beams.trapezoid,
        beams.slanted,
    ),
    greys=(*(tints.GREY,) * 8, tints.STEEL, tints.HONEY),
    flows=(tints.RED_AQUA, tints.EMBER_SEA),
    powers=(tints.EMBER,),
    stiffness=(tints.SPECTRAL,),
    skins=(tints.SAND, tints.COPPER, tints.CLAY),
    finishes=(finishes.plain, finishes.plain, finishes.glowing),
    reliefs=(surfaces.curled, surfaces.curled, surfaces.bubbles),
    pulses=(strips.regurgitant, strips.triphasic),
    zoom=(0.6, 2.1),
    contrast=(0.03, 0.14),
    gamma=(0.85, 2.1),
)


def family(*, held_out: bool, plausible: bool = False) -> Family:
    """Return the family of one side of the split; of what is held out, the `plausible` or the strange one."""
    if not held_out:
        return TRAINING
    return PLAUSIBLE if plausible else STRANGE
