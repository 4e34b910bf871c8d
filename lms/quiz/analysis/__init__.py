"""What the answers tell: sums of first attempts, and the figures that classical test theory makes of them.

`formulas` are pure mathematics, `sums` what is counted, `figures` the one made of the other, `findings` what
they mean in words. Nothing of it reads a single attempt twice: sums only grow.
"""
