//! How a report in HTML looks: one sheet, in light and in dark, on paper, wide and narrow.

/// The colours of a page. Contrasts are those of WCAG 2.2 AA, which a test computes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Palette {
    pub(crate) ground: &'static str,
    /// Behind figures.
    pub(crate) panel: &'static str,
    pub(crate) ink: &'static str,
    /// Of what is said beside.
    pub(crate) muted: &'static str,
    pub(crate) line: &'static str,
    /// Of this period, and of the one before.
    pub(crate) now: &'static str,
    pub(crate) before: &'static str,
}

pub(crate) const LIGHT: Palette = Palette {
    ground: "#ffffff",
    panel: "#f3f5f8",
    ink: "#1a1f26",
    muted: "#525c69",
    line: "#d3d9e0",
    now: "#2368b3",
    before: "#7b8794",
};

pub(crate) const DARK: Palette = Palette {
    ground: "#14181d",
    panel: "#1e242b",
    ink: "#e8ecf0",
    muted: "#a9b3bf",
    line: "#3b444f",
    now: "#6aa5e8",
    before: "#8893a0",
};

/// What does not depend on the colours. Nothing is wider than the page: tables that are scroll in themselves.
const SHAPE: &str = "*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;overflow-wrap:anywhere}
main{max-width:900px;margin:0 auto;padding:24px 16px 48px}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 4px}
h2{font-size:1.25rem;margin:40px 0 12px;padding-top:12px;border-top:1px solid}
h3{font-size:1rem;margin:0 0 4px}
p{margin:0 0 8px}
.note{border-left:3px solid;padding:4px 0 4px 12px;margin:12px 0}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(148px,1fr));gap:10px;margin:0 0 24px}
.figure{border-radius:6px;padding:10px 12px}
.figure b{display:block;font-size:1.45rem;line-height:1.3;font-weight:600;font-variant-numeric:tabular-nums}
.small,.figure span,.key,dl{font-size:.82rem;line-height:1.4}
.figure span{display:block}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr));gap:24px}
figure{margin:0 0 16px;min-width:0}
svg{display:block;width:100%;height:auto;max-width:560px}
svg text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif}
.scroll{overflow-x:auto;margin:0 0 20px}
table{border-collapse:collapse;font-size:.88rem;width:100%;overflow-wrap:normal}
.table{margin-top:24px}
th,td{padding:4px 8px;text-align:right;border-bottom:1px solid;font-variant-numeric:tabular-nums;vertical-align:top}
td{white-space:nowrap}
th:first-child,td:first-child{text-align:left;white-space:normal;overflow-wrap:break-word;min-width:132px;max-width:420px;padding-left:0}
thead th{vertical-align:bottom;font-weight:600}
.total td{font-weight:600}
summary{cursor:pointer;font-size:.82rem}
dl{margin:16px 0 0;columns:2 320px;column-gap:28px}
dt{font-weight:600;break-after:avoid}
dd{margin:0 0 6px;break-inside:avoid}
@media print{main{max-width:none;padding:0}body{font-size:11pt}h2,h3{break-after:avoid}figure,.figure,tr,.note{break-inside:avoid}details{display:none}.scroll{overflow:visible}}
";

impl Palette {
    fn rules(&self) -> String {
        let Self { ground, panel, ink, muted, line, now, before } = self;
        format!(
            "body{{background:{ground};color:{ink}}}
h2,th,td{{border-color:{line}}}
.note{{border-color:{now}}}
.figure{{background:{panel}}}
.small,.figure span,.key,dl,summary{{color:{muted}}}
dt{{color:{ink}}}
svg text{{fill:{muted}}}
svg .value{{fill:{ink}}}
.grid{{stroke:{line}}}
.now{{fill:{now};color:{now}}}
.course{{stroke:{now};fill:none}}
.before{{stroke:{before};color:{before}}}
.halo{{stroke:{ground}}}
"
        )
    }
}

/// The whole sheet. Paper is light.
pub(crate) fn sheet() -> String {
    let (light, dark) = (LIGHT.rules(), DARK.rules());
    format!("{SHAPE}{light}@media screen and (prefers-color-scheme:dark){{{dark}}}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative luminance of a colour: <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn texts_and_bars_stand_out_in_light_and_in_dark() {
        assert!((contrast("#ffffff", "#000000") - 21.0).abs() < 1e-9);
        for Palette { ground, panel, ink, muted, now, before, .. } in [LIGHT, DARK] {
            for text in [ink, muted] {
                for behind in [ground, panel] {
                    assert!(contrast(text, behind) >= 4.5, "{text} on {behind}: {}", contrast(text, behind));
                }
            }
            for mark in [now, before] {
                assert!(contrast(mark, ground) >= 3.0, "{mark} on {ground}: {}", contrast(mark, ground));
            }
        }
    }

    #[test]
    fn dark_replaces_every_colour_of_light() {
        let selectors =
            |rules: &str| rules.lines().map(|rule| rule.split('{').next().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(selectors(&LIGHT.rules()), selectors(&DARK.rules()));
        assert!(!SHAPE.contains('#'), "the shape has no colours");
    }
}
