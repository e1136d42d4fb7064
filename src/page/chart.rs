//! Charts as inline SVG: bars, and ranges with points. They take their colours from the page's theme, say their figures in
//! words, and have whole numbers for coordinates, so that they are the same on any machine.

use std::fmt::{self, Write};

use askama::filters::{Html, HtmlSafe, escape};

/// A chart, which is HTML already.
pub struct Svg(String);

impl HtmlSafe for Svg {}

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A bar: its height in any unit; none where there is a gap. Bars of parts of years look other than those of years.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    pub height: Option<f64>,
    pub is_part: bool,
}

/// How high bars are, at most.
const HEIGHT: i32 = 24;
/// How wide a range may be.
const WIDTH: i32 = 400;
/// How wide bars are together, at most; where there are many, no gap is between them.
const ROOM: usize = 120;

/// Bars side by side, on a scale of their own that has zero on it.
pub fn bars(bars: &[Bar], label: &str) -> Svg {
    let step = (ROOM / bars.len().max(1)).clamp(1, 12) as i32;
    let gap = i32::from(step > 1);
    let heights = || bars.iter().filter_map(|bar| bar.height);
    let (low, high) = (heights().fold(0.0, f64::min), heights().fold(0.0, f64::max));
    let scale = |value: f64| scale(value, high - low, HEIGHT);
    let top = scale(high);
    let path = |is_part: bool| -> String {
        let wanted = (0..).zip(bars).filter(|(_, bar)| bar.is_part == is_part);
        let drawn = wanted.filter_map(|(at, bar)| Some((at, scale(bar.height?))));
        let bar =
            |(at, height): (i32, i32)| format!("M{} {top}v{}h{}v{}z", at * step, -height, step - gap, height);
        drawn.filter(|(_, height)| *height != 0).map(bar).collect()
    };
    let width = (step * bars.len() as i32 - gap).max(0);
    let mut svg = open(width, HEIGHT, "b", label);
    for (class, path) in [("", path(false)), (" class=p", path(true))] {
        if !path.is_empty() {
            let _ = write!(svg, "<path{class} d=\"{path}\"/>"); // to a text, which does not fail
        }
    }
    Svg(svg + "</svg>")
}

/// A range on a scale that begins with zero, or a point where both ends are the same; open at its end where that is not known.
pub fn range(lower: f64, upper: Option<f64>, most: f64, label: &str) -> Svg {
    let place = |value: f64| 4 + scale(value, most, WIDTH - 8);
    let (from, to) = (place(lower), upper.map_or(WIDTH, place));
    let drawn = if upper.is_some_and(|upper| upper <= lower) {
        format!("<circle cx=\"{from}\" cy=\"6\" r=\"4\"/>")
    } else {
        format!("<path class=p d=\"M{from} 3h{}v6h-{0}z\"/>", (to - from).max(1))
    };
    Svg(open(WIDTH, 12, "r", label) + &drawn + "</svg>")
}

/// A value as a part of what a whole has room for; one that is not zero is seen.
fn scale(value: f64, whole: f64, room: i32) -> i32 {
    if value == 0.0 || whole <= 0.0 {
        return 0;
    }
    let length = (value / whole * f64::from(room)).round() as i32;
    if length == 0 { value.signum() as i32 } else { length }
}

fn open(width: i32, height: i32, class: &str, label: &str) -> String {
    let label = escape(label, Html).map(|label| label.to_string()).unwrap_or_default();
    format!(
        "<svg class={class} width={width} height={height} viewBox=\"0 0 {width} {height}\" preserveAspectRatio=none role=img aria-label=\"{label}\">"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(height: f64) -> Bar {
        Bar { height: Some(height), is_part: false }
    }

    #[test]
    fn bars_share_a_scale_and_stand_apart_where_they_are_of_parts_of_years() {
        let drawn =
            bars(&[bar(10.0), Bar { height: None, ..bar(0.0) }, Bar { is_part: true, ..bar(5.0) }], "10, 5");
        assert_eq!(
            drawn.to_string(),
            "<svg class=b width=35 height=24 viewBox=\"0 0 35 24\" preserveAspectRatio=none role=img aria-label=\"10, 5\">\
             <path d=\"M0 24v-24h11v24z\"/><path class=p d=\"M24 24v-12h11v12z\"/></svg>"
        );
    }

    #[test]
    fn what_is_below_zero_hangs_and_what_is_small_is_seen() {
        let drawn = bars(&[bar(1000.0), bar(-1000.0), bar(0.001), bar(0.0)], "").to_string();
        assert!(drawn.contains("d=\"M0 12v-12h11v12zM12 12v12h11v-12zM24 12v-1h11v1z\""), "{drawn}");
        assert!(bars(&[], "").to_string().ends_with("></svg>"));
    }

    #[test]
    fn an_exact_bound_is_a_point_and_others_are_ranges() {
        let [exact, wide, open] = [(10.0, Some(10.0)), (5.0, Some(10.0)), (5.0, None)]
            .map(|(lower, upper)| range(lower, upper, 10.0, "").to_string());
        assert!(exact.contains("<circle cx=\"396\" cy=\"6\" r=\"4\"/>"), "{exact}");
        assert!(wide.contains("d=\"M200 3h196v6h-196z\""), "{wide}");
        assert!(open.contains("d=\"M200 3h200v6h-200z\""), "{open}");
    }

    #[test]
    fn a_label_is_text() {
        let drawn = bars(&[], "\"><script>'&").to_string();
        assert!(drawn.contains("aria-label=\"&#34;&#62;&#60;script&#62;&#39;&#38;\""), "{drawn}");
    }
}
