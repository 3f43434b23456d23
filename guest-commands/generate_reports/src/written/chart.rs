//! A course as a drawing: bars from nothing up, or a line of shares, with a mark for the period before at each.
//!
//! It is as wide as a telephone, so that its letters stay readable there, and two stand beside each other elsewhere.

use std::fmt::Write as _;

use crate::document::{Course, Point, Value};
use crate::shown;
use crate::written::escaped;

const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 210.0;
/// Where the drawing is: its left, top, right and bottom edges.
const LEFT: f64 = 44.0;
const TOP: f64 = 20.0;
const RIGHT: f64 = 396.0;
const BOTTOM: f64 = 168.0;
/// So many parts have their values written at them; of more, the largest has.
const LABELLED: usize = 12;

/// The drawing; none where there is nothing to draw.
pub(crate) fn draw(course: &Course) -> Option<String> {
    let values = || course.points.iter().flat_map(|point| [point.value, point.before]).flatten();
    let largest = values().map(Value::number).fold(0.0, f64::max);
    if largest <= 0.0 {
        return None;
    }
    let is_share = values().all(|value| matches!(value, Value::Share(_)));
    let scale = if is_share { vec![0.0, 0.25, 0.5, 0.75, 1.0] } else { ticks(largest) };
    let top = scale.last().copied().unwrap_or(1.0);
    let drawing = Drawing { points: &course.points, slot: (RIGHT - LEFT) / course.points.len() as f64, top };
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
        escaped(&format!("{}: {}", course.name, course.definition))
    );
    for tick in scale {
        let y = drawing.y(tick);
        let shown = if is_share { shown::percent_whole(tick) } else { short(tick) };
        let _ = write!(svg, "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{y}\" y2=\"{y}\"/>");
        let _ = write!(svg, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{shown}</text>", LEFT - 6.0, round(y + 4.0));
    }
    // Marks lie on bars, and dots on marks.
    if is_share {
        drawing.marks(&mut svg);
        drawing.line(&mut svg);
    } else {
        drawing.bars(&mut svg);
        drawing.marks(&mut svg);
    }
    drawing.values(&mut svg);
    drawing.names(&mut svg);
    let (middle, low) = ((LEFT + RIGHT) / 2.0, HEIGHT - 8.0);
    let _ =
        write!(svg, "<text x=\"{middle}\" y=\"{low}\" text-anchor=\"middle\">{}</text></svg>", escaped(&course.axis));
    Some(svg)
}

struct Drawing<'a> {
    points: &'a [Point],
    /// How wide a part is.
    slot: f64,
    /// The value at the upper edge.
    top: f64,
}

impl Drawing<'_> {
    fn y(&self, value: f64) -> f64 {
        round(BOTTOM - (BOTTOM - TOP) * value / self.top)
    }

    fn middle(&self, at: usize) -> f64 {
        round(LEFT + self.slot * (at as f64 + 0.5))
    }

    fn bars(&self, svg: &mut String) {
        let width = round((self.slot * 0.7).min(40.0));
        for (at, point) in self.points.iter().enumerate() {
            let Some(value) = point.value.filter(|value| value.number() > 0.0) else { continue };
            let (y, x) = (self.y(value.number()), round(self.middle(at) - width / 2.0));
            let height = round(BOTTOM - y);
            let _ = write!(svg, "<rect class=\"now\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>");
        }
    }

    /// Dots, and lines between those that follow each other.
    fn line(&self, svg: &mut String) {
        let mut path = String::new();
        let mut is_drawing = false;
        for (at, point) in self.points.iter().enumerate() {
            let Some(value) = point.value else {
                is_drawing = false;
                continue;
            };
            let (x, y) = (self.middle(at), self.y(value.number()));
            let _ = write!(path, "{}{x} {y}", if is_drawing { "L" } else { "M" });
            let _ = write!(svg, "<circle class=\"now\" cx=\"{x}\" cy=\"{y}\" r=\"3\"/>");
            is_drawing = true;
        }
        let _ = write!(svg, "<path class=\"course\" stroke-width=\"1.5\" d=\"{path}\"/>");
    }

    /// A short line where the period before was.
    fn marks(&self, svg: &mut String) {
        let half = (self.slot * 0.45).min(26.0);
        for (at, point) in self.points.iter().enumerate() {
            let Some(before) = point.before else { continue };
            let (x, y) = (self.middle(at), self.y(before.number()));
            let (from, to) = (round(x - half), round(x + half));
            // Its edge keeps it apart from the bar that it lies on.
            for (class, width) in [("halo", 5), ("before", 2)] {
                let _ = write!(svg, "<path class=\"{class}\" stroke-width=\"{width}\" d=\"M{from} {y}H{to}\"/>");
            }
        }
    }

    fn values(&self, svg: &mut String) {
        let number = |point: &Point| point.value.map_or(0.0, Value::number);
        let largest = self.points.iter().map(number).fold(0.0, f64::max);
        let first = self.points.iter().position(|point| number(point) == largest);
        for (at, point) in self.points.iter().enumerate() {
            let is_shown = self.points.len() <= LABELLED || Some(at) == first;
            let Some(value) = point.value.filter(|_| is_shown) else { continue };
            // Above the mark too, where that is just above the bar.
            let highest = point.before.map_or(0.0, Value::number).max(value.number());
            let is_near = self.y(value.number()) - self.y(highest) < 18.0;
            let y = round(self.y(if is_near { highest } else { value.number() }) - 5.0);
            let x = self.middle(at).clamp(LEFT + 12.0, RIGHT - 14.0);
            let shown = match value {
                Value::Count(_) => short(value.number()),
                other => shown::value(Some(other)),
            };
            let _ = write!(svg, "<text class=\"value\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{shown}</text>");
        }
    }

    /// As many names as have room, at equal distances.
    fn names(&self, svg: &mut String) {
        let names: Vec<_> = self.points.iter().map(|point| tail(&point.name)).collect();
        let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(1);
        let room = (self.slot / (longest as f64 * 7.0 + 8.0)).max(0.01);
        let step = [1, 2, 3, 5, 7, 10, 15].into_iter().find(|&step| room * step as f64 >= 1.0).unwrap_or(30);
        for (at, name) in names.iter().enumerate().step_by(step) {
            let x = self.middle(at);
            let _ =
                write!(svg, "<text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{}</text>", BOTTOM + 16.0, escaped(name));
        }
    }
}

/// The part of a name that tells it from its neighbours: the day of a date, the hour of a time, the week of a year.
fn tail(name: &str) -> &str {
    if let Some((_, time)) = name.split_once(' ').filter(|(date, _)| date.len() == 10) {
        return time.strip_suffix(":00").unwrap_or(time);
    }
    name.rsplit_once('-').map_or(name, |(_, tail)| tail)
}

/// From nothing to at least so much, in three to six round steps; never a part of one thing.
fn ticks(largest: f64) -> Vec<f64> {
    let power = 10_f64.powi((largest / 4.0).log10().floor() as i32);
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|step| largest / step <= 5.0);
    let step = step.unwrap_or(power * 10.0).max(1.0);
    let steps = (largest / step).ceil().max(1.0) as u32;
    (0..=steps).map(|n| f64::from(n) * step).collect()
}

/// A number that fits before an axis: `950`, `12k`, `1.5M`.
fn short(number: f64) -> String {
    match number {
        number if number >= 1e6 => shown::compact(number / 1e6) + "M",
        number if number >= 1e4 => shown::compact(number / 1e3) + "k",
        number => shown::whole(number as u64),
    }
}

/// To a tenth: what nobody sees is not written.
fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_begins_at_nothing_and_has_round_steps() {
        for (largest, expected) in [
            (1.0, &[0.0, 1.0][..]),
            (4.0, &[0.0, 1.0, 2.0, 3.0, 4.0]),
            (7.0, &[0.0, 2.0, 4.0, 6.0, 8.0]),
            (23.0, &[0.0, 5.0, 10.0, 15.0, 20.0, 25.0]),
            (1_001.0, &[0.0, 500.0, 1_000.0, 1_500.0]),
        ] {
            assert_eq!(ticks(largest), expected, "{largest}");
        }
        for largest in (1..2_000).map(f64::from).chain((4..15).map(|power| 3.7 * 10_f64.powi(power))) {
            let ticks = ticks(largest);
            assert!(*ticks.last().unwrap() >= largest && (2..=6).contains(&ticks.len()), "{largest}: {ticks:?}");
        }
    }

    #[test]
    fn names_are_as_short_as_their_neighbours_allow() {
        for (name, shown) in
            [("2026-10-05", "05"), ("2026-03-29 02:00", "02"), ("2026-W40", "W40"), ("2026-10", "10"), ("5", "5")]
        {
            assert_eq!(tail(name), shown);
        }
        assert_eq!([short(950.0), short(9_999.0), short(12_000.0), short(1.5e6)], ["950", "9,999", "12k", "1.5M"]);
    }

    #[test]
    fn a_drawing_shows_both_periods_and_takes_names_as_they_are() {
        let count = |n| Some(Value::Count(n));
        let point = |name: &str, value, before| Point { key: String::new(), name: name.to_owned(), value, before };
        let course = |points| Course {
            id: "x",
            name: "<b>".to_owned(),
            definition: "\"".to_owned(),
            axis: "day".to_owned(),
            points,
        };
        let svg = draw(&course(vec![point("a<", count(3), count(4)), point("b", count(0), None)])).unwrap();
        let times = |part: &str| svg.matches(part).count();
        assert_eq!((times("<rect class=\"now\""), times("class=\"before\""), times("<b>")), (1, 1, 0));
        assert!(svg.contains("a&lt;") && svg.contains("&quot;"), "{svg}");
        assert_eq!(draw(&course(vec![point("a", count(0), None)])), None);
    }
}
