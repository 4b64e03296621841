"""What stands at each site of the demo alliance. Pure; capacities in kt (million Nm3 for gas)."""

from __future__ import annotations

from alliance.demo.plants import (
    ABROAD,
    FUEL_GAS,
    HEAT,
    HYDROGEN,
    POWER,
    STEAM,
    Plant,
    Unit,
    chp,
    coal_to_methanol,
    olefins,
    polymers,
    refinery,
    simple_refinery,
)

REFINERY = (POWER, STEAM, HYDROGEN, FUEL_GAS)

UPSTREAM: dict[str, Plant] = {
    "beijia": Plant((Unit("oilfield", given=9000),), (POWER,), energy=1.1, methane=0.9),
    "nanyi": Plant((Unit("gasfield", given=9000),), (POWER,), energy=0.95, methane=0.8, province_grid=True),
    "qingsha": Plant((Unit("oilfield", given=12000),), (POWER,), energy=1.0, methane=1.3, saving=0.05),
    "hangai": Plant(
        (
            Unit("gasfield", given=14000),
            Unit("ethane-recovery", given=560),
            Unit("lng-liquefaction", given=420),
        ),
        (POWER,),
        methane=1.1,
        saving=0.04,
    ),
    "hongdang": Plant((Unit("coal-mine", given=26000),), (POWER,), methane=0.6, growth=1.03),
    "yuzhi": Plant((Unit("coal-mine", given=18000),), (POWER,), energy=1.08, methane=1.1),
    "corvane-crude": Plant((Unit("oilfield", given=52000),), (ABROAD,), energy=0.9, methane=1.2),
    "corvane-lng": Plant((Unit("gasfield", given=14000), Unit("lng-liquefaction", given=6500)), (ABROAD,)),
}

REFINING: dict[str, Plant] = {
    "donglan": Plant(
        (
            *refinery(12000, fcc=0.55, coker=0.8, reformer=0.3),
            *olefins({"naphtha": 0.7, "tail-oil": 1.0}, allocation="mass"),
            Unit("pp", feed={"fcc/propylene": 0.9}),
            *chp("coke"),
        ),
        REFINERY,
        solar=(0.02, 0.08),
        saving=0.03,
    ),
    "xiyu": Plant((*simple_refinery(6000, coker=0.7, reformer=0.6), *chp("fuel-gas")), REFINERY, energy=1.12),
    "wuling": Plant(
        (*simple_refinery(5000, coker=0.9, reformer=0.5), *chp("fuel-gas")),
        REFINERY,
        energy=1.06,
        province_grid=True,
    ),
    "zhoutan": Plant(
        (
            *refinery(20000, fcc=0.3, coker=0.9, reformer=0.5, gasoline=0.35),
            Unit("px-complex", feed={"reformate": 0.65, "toluene-xylenes": 1.0}),
            *olefins({"naphtha": 0.5, "tail-oil": 1.0}, allocation="economic"),
            *chp("coal"),
        ),
        REFINERY,
        energy=0.92,
        growth=1.03,
        solar=(0.0, 0.03),
    ),
    "yangbei": Plant(
        (
            *refinery(10000, fcc=0.45, coker=0.75, reformer=0.45, gasoline=0.5, allocation="mass"),
            Unit("px-complex", feed={"reformate": 0.5}),
            *olefins({"naphtha": 0.55, "tail-oil": 1.0}),
            *polymers(0.55, 0.5),
            *chp("gas"),
        ),
        REFINERY,
        energy=0.97,
    ),
    "lianxie": Plant(
        (
            *refinery(8000, fcc=0.5, coker=0.85, reformer=0.35),
            *olefins({"naphtha": 0.65, "tail-oil": 1.0}, allocation="energy"),
            *chp("coal"),
        ),
        REFINERY,
        energy=1.03,
        saving=0.035,
    ),
}

CHEMICALS: dict[str, Plant] = {
    "shali": Plant(
        (
            Unit("ethane-cracker", given=520),
            Unit("pe", feed={"ethylene": 1.0}),
            *chp("fuel-gas"),
        ),
        (POWER, STEAM, FUEL_GAS),
        energy=1.02,
        estimates=("steam",),
    ),
    "shali-n": Plant(
        (
            Unit("gas-ammonia", given=300),
            Unit("urea", feed={"ammonia": 0.95}),
            Unit("gas-methanol", given=350),
            *chp("gas"),
        ),
        (POWER, STEAM),
        energy=1.04,
        province_grid=True,
    ),
    "haiqu": Plant(
        (Unit("pta", given=900), Unit("pe", given=500), Unit("pp", given=420), *chp("coal")),
        (POWER, STEAM),
        energy=0.95,
    ),
    "huaixi": Plant((Unit("pta", given=300), Unit("cooling-water", meets="cooling-water")), (POWER, HEAT)),
    "qiongnan": Plant((Unit("gas-methanol", given=600), *chp("gas")), (POWER, STEAM), energy=0.96),
    "minyi": Plant(
        (Unit("pp", given=110), Unit("pe", given=150), Unit("cooling-water", meets="cooling-water")),
        (POWER, HEAT),
        energy=1.05,
    ),
    "donglan-p": Plant(
        (Unit("pe", given=380), Unit("pp", given=180), Unit("cooling-water", meets="cooling-water")),
        (POWER, HEAT),
        energy=1.03,
    ),
    "hongdang-c": Plant(
        (
            *coal_to_methanol(1800),
            Unit("mto", feed={"methanol": 0.92}),
            *polymers(1.0, 0.9),
            *chp("coal"),
        ),
        (POWER, STEAM),
        energy=0.98,
        saving=0.03,
    ),
    "baie": Plant(
        (
            Unit("coal-hydrogen", given=60),
            Unit("coal-ammonia", given=400),
            Unit("gasifier", meets="syngas"),
            Unit("asu", meets="oxygen"),
            *chp("coal"),
        ),
        (POWER, STEAM),
        energy=1.07,
        province_grid=True,
    ),
    "yuzhi-c": Plant(
        (*coal_to_methanol(1700), Unit("mto", feed={"methanol": 0.85}), *polymers(0.95, 1.0), *chp("coal")),
        (POWER, STEAM),
        energy=1.08,
        estimates=("cooling-water", "steam"),
    ),
    "jinyuan": Plant(
        (
            Unit("coal-ammonia", given=600),
            Unit("urea", feed={"ammonia": 0.98}),
            *coal_to_methanol(300),
            Unit("coal-hydrogen", given=12),
            *chp("coal"),
        ),
        (POWER, STEAM),
        energy=1.1,
        syngas=1.2,
    ),
    "bamian": Plant(
        (Unit("gas-ammonia", given=350), Unit("urea", feed={"ammonia": 1.0}), *chp("gas")),
        (POWER, STEAM),
        energy=0.98,
        province_grid=True,
    ),
    "lianxie-p": Plant(
        (Unit("pe", given=260), Unit("pp", given=200), Unit("cooling-water", meets="cooling-water")),
        (POWER, HEAT),
    ),
    "nanlan": Plant(
        (
            Unit("chlor-alkali", given=420),
            Unit("pvc", given=280),
            Unit("nitric-acid", meets="nitric-acid"),
            Unit("aniline", meets="aniline"),
            Unit("mdi", given=400),
            *chp("fuel-gas"),
        ),
        (POWER, STEAM),
        energy=0.97,
        solar=(0.0, 0.05),
    ),
    "hangzui": Plant(
        (Unit("pdh", given=700), Unit("pp", feed={"propylene": 0.8}), *chp("gas")), (POWER, STEAM, FUEL_GAS)
    ),
    "fuqian": Plant(
        (Unit("pp", given=110), Unit("cooling-water", meets="cooling-water")),
        (POWER, HEAT),
        energy=1.08,
        estimates=("power",),
    ),
}

TRANSPORT: dict[str, Plant] = {
    "west-line": Plant((Unit("gas-pipeline", given=26000),), (POWER,), methane=1.1, saving=0.03),
    "products-line": Plant((Unit("oil-pipeline", given=18000),), (POWER,)),
    "jinyan": Plant((Unit("lng-terminal", given=2600),), (POWER,), methane=1.2),
    "yueyi": Plant((Unit("lng-terminal", given=3100),), (POWER,)),
}

PLANTS: dict[str, Plant] = {**UPSTREAM, **REFINING, **CHEMICALS, **TRANSPORT}
