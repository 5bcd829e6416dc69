"""A plan of whole sessions for the tests, with its numbers worked on paper."""

from repdose import progression

# Monday: straight-leg raise 3 x 10 at 5 s (150 s), then 120 s of rest after each of the three;
# single-leg raise 2 x 6 a leg at 5 s (120 s), one rest of 60 s between: 270 s and 420 s.
# Thursday: flutter kick 4 x 30 s (120 s), 90 s after each of the four; hanging straight-leg raise
# 2 x 8 at 5 s (80 s), one rest of 180 s between: 200 s and 540 s.
MONDAY = {
    "name": "floor",
    "weekday": "monday",
    "rpe": 6,
    "exercises": [
        {"exercise": "lying_straight_leg", "sets": 3, "repetitions": 10, "rest_s": 120},
        {"exercise": "lying_single_leg", "sets": 2, "repetitions": 6, "rest_s": 60},
    ],
}
THURSDAY = {
    "weekday": "thursday",
    "rpe": 8,
    "exercises": [
        {"exercise": "flutter_kick", "sets": 4, "set_duration_s": 30, "rest_s": 90},
        {
            "exercise": "hanging_straight_leg",
            "sets": 2,
            "repetitions": 8,
            "rest_s": 180,
            "load_kg": 5,
        },
    ],
}
STAGES = [{"weeks": 3, "sessions": [MONDAY, THURSDAY]}]
PLAN = progression.plan(STAGES, title="two sessions, on paper")
WORK_MIN, REST_MIN = [270 / 60, 200 / 60], [420 / 60, 540 / 60]
# Elapsed minutes of each exercise, with the rests after its sets: 150 s and 3 x 120; 120 s and 60;
# 120 s and 4 x 90; 80 s and 180
ELAPSED_MIN = {
    "lying_straight_leg": 510 / 60,
    "lying_single_leg": 180 / 60,
    "flutter_kick": 480 / 60,
    "hanging_straight_leg": 260 / 60,
}
SECONDS_OF_WORK = {
    "lying_straight_leg": 150,
    "lying_single_leg": 120,
    "flutter_kick": 120,
    "hanging_straight_leg": 80,
}
# Central rows of 2024
METS = {
    "lying_straight_leg": 2.8,
    "lying_single_leg": 2.8,
    "flutter_kick": 3.8,
    "hanging_straight_leg": 3.8,
}
