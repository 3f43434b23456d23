//! A share of a number of things, with how sure it is.

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) of_them: u64,
    pub(crate) n: u64,
}

/// The quantile of the normal distribution for an interval of 95 %.
const Z: f64 = 1.959_963_984_540_054;

impl Share {
    pub(crate) const fn new(of_them: u64, n: u64) -> Self {
        Self { of_them, n }
    }

    /// From 0 to 1; none of nothing.
    pub(crate) fn value(self) -> Option<f64> {
        (self.n > 0).then(|| self.of_them as f64 / self.n as f64)
    }

    /// Wilson's score interval of 95 %: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
    pub(crate) fn interval(self) -> Option<(f64, f64)> {
        let (share, n) = (self.value()?, self.n as f64);
        let widened = 1.0 + Z * Z / n;
        let middle = (share + Z * Z / (2.0 * n)) / widened;
        let half = Z / widened * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        Some(((middle - half).max(0.0), (middle + half).min(1.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_wilsons() {
        // By Python, from the formula.
        for (of_them, n, low, high) in
            [(8, 10, 0.490_162, 0.943_318), (0, 10, 0.0, 0.277_533), (84, 263, 0.265_990, 0.377_993)]
        {
            let (found_low, found_high) = Share::new(of_them, n).interval().unwrap();
            assert!((found_low - low).abs() < 1e-6 && (found_high - high).abs() < 1e-6, "{found_low} {found_high}");
        }
        assert_eq!((Share::new(0, 0).value(), Share::new(0, 0).interval()), (None, None));
        assert_eq!(Share::new(5, 5).interval().unwrap().1, 1.0);
    }
}
