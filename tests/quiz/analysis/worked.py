"""Worked examples that others have published: answers as they were given, right 1 and wrong 0."""

# K. L. Wuensch, East Carolina University, "The Kuder-Richardson 20": ten students, ten questions.
WUENSCH = [
    [int(sign) for sign in line]
    for line in (
        "1111110110",
        "1011011101",
        "1111011001",
        "0010001000",
        "0000010010",
        "1110111111",
        "1101110111",
        "1111111101",
        "0101111101",
        "1101101110",
    )
]

# The Law School Admission Test, section 6: a thousand people by pattern (Bock and Lieberman 1970, "Fitting a
# response model for n dichotomously scored items", Psychometrika 35, 179–197).
LSAT_6 = {
    "00000": 3,
    "00001": 6,
    "00010": 2,
    "00011": 11,
    "00100": 1,
    "00101": 1,
    "00110": 3,
    "00111": 4,
    "01000": 1,
    "01001": 8,
    "01011": 16,
    "01101": 3,
    "01110": 2,
    "01111": 15,
    "10000": 10,
    "10001": 29,
    "10010": 14,
    "10011": 81,
    "10100": 3,
    "10101": 28,
    "10110": 15,
    "10111": 80,
    "11000": 16,
    "11001": 56,
    "11010": 21,
    "11011": 173,
    "11100": 11,
    "11101": 61,
    "11110": 28,
    "11111": 298,
}


def lsat_6() -> list[list[int]]:
    """Every person's answers."""
    return [[int(sign) for sign in pattern] for pattern, times in LSAT_6.items() for _ in range(times)]
