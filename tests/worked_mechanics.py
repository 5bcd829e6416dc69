"""Moments of the legs typed from the printed tables a second time, for tests of what shows them."""

import math

MAN = {
    "body_mass_kg": 80.0,
    "stature_m": 1.80,
    "sex": "male",
    "segments": "deleva1996",
    "ankle_mass_kg": 0.0,
}
SHORT = {
    "lying_bent_knee": "bent-knee leg raise",
    "lying_straight_leg": "straight-leg raise",
    "lying_single_leg": "single-leg raise",
    "lying_hip_lift": "straight-leg raise with hip lift",
    "flutter_kick": "flutter kick",
    "hanging_knee_raise": "hanging knee raise",
    "hanging_straight_leg": "hanging straight-leg raise",
}


def moments(body_mass_kg, stature_m, sex, segments="deleva1996"):
    """First moments a and b [kg m], every number typed here from the printed tables."""
    deleva = {
        "male": ((0.1416, 0.4095, 0.4222), (0.0433, 0.4459, 0.4340), 0.0137, 1.741),
        "female": ((0.1478, 0.3612, 0.3685), (0.0481, 0.4416, 0.4323), 0.0129, 1.735),
    }
    if segments == "winter2009":
        thigh, shank, foot = (0.100, 0.433, 0.245), (0.0465, 0.433, 0.246), 0.0145
    else:
        thigh, shank, foot, stature = deleva[sex]
        if segments == "mixed":
            thigh, shank = (*thigh[:2], 0.245), (*shank[:2], 0.246)
        else:
            thigh = (*thigh[:2], thigh[2] / stature)
            shank = (*shank[:2], shank[2] / stature)
    a = thigh[0] * thigh[1] * thigh[2] + (shank[0] + foot) * thigh[2]
    b = shank[0] * shank[1] * shank[2] + foot * (shank[2] + 0.039 / 2)
    return a * body_mass_kg * stature_m, b * body_mass_kg * stature_m


def inertia_kgm2(knee_deg):
    """A man's leg about the hip, de Leva's segments and Winter's foot height."""
    thigh, shank, foot = 0.4222 / 1.741, 0.4340 / 1.741, 0.2581 / 1.741
    along = 0.0433 * 0.4459 * shank + 0.0137 * (shank + 0.039 / 2)  # first moment at the knee
    turned = 0.0433 * ((0.4459 * shank) ** 2 + (0.249 * shank) ** 2)
    turned += 0.0137 * ((shank + 0.039 / 2) ** 2 + (0.245 * foot) ** 2)
    own = 0.1416 * ((0.4095 * thigh) ** 2 + (0.329 * thigh) ** 2)
    own += (0.0433 + 0.0137) * thigh**2
    coupled = 2 * thigh * along * math.cos(math.radians(knee_deg))
    return (own + turned + coupled) * 80 * 1.80**2


def percent_range(shares):
    low, high = (f"{100 * end:.0f}" for end in (min(shares), max(shares)))
    return low if low == high else f"{low} to {high}"
