//! The chart: what each reader spends on a sign-in, as bars.

use std::fmt::Write as _;

use super::readers::Reader;
use super::results::{Results, Row};

const LEFT: f64 = 220.0;
const WIDTH: f64 = 720.0;
const BAR: f64 = 26.0;

/// Two groups of bars: CPU time and peak memory.
pub(super) fn draw(results: &Results) -> String {
    let rows = results.of("v1.0", true, 100_000);
    let mut body = String::new();
    let mut top = 52.0;
    let cpu = "CPU, microseconds an event (times the floor, within rounds)";
    group(&mut body, &mut top, cpu, &rows, |row| {
        (row.cpu, format!("{:.1} ({:.2})", row.cpu, row.ratio))
    });
    group(&mut body, &mut top, "peak memory, MiB", &rows, |row| {
        (row.peak, format!("{:.1}", row.peak))
    });
    let height = top + 4.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-label=\"CPU time and memory of readers of sign-ins\">\n\
         <style>\n\
         text {{ font: 13px system-ui, sans-serif; fill: #24292f; }}\n\
         .head {{ font-weight: 600; }}\n\
         .ours {{ fill: #1f6feb; }}\n\
         .other {{ fill: #afb8c1; }}\n\
         @media (prefers-color-scheme: dark) {{ text {{ fill: #e6edf3; }} .other {{ fill: #6e7681; }} }}\n\
         </style>\n\
         <text x=\"0\" y=\"18\">100,000 sign-ins of Microsoft Graph v1.0, gzip, loopback; less is better</text>\n\
         {body}</svg>\n"
    )
}

/// Bars of a figure, each with its words.
fn group(
    body: &mut String,
    top: &mut f64,
    title: &str,
    rows: &[&Row],
    of: impl Fn(&Row) -> (f64, String),
) {
    let most = rows.iter().map(|row| of(row).0).fold(1.0, f64::max);
    let _ = writeln!(body, "<text class=\"head\" x=\"0\" y=\"{top}\">{title}</text>");
    *top += 12.0;
    for row in rows {
        let ((value, words), middle) = (of(row), *top + BAR / 2.0 + 2.0);
        let length = value / most * (WIDTH - LEFT - 90.0);
        let class = if matches!(row.reader.as_str(), "typed" | "raw") { "ours" } else { "other" };
        let _ = write!(
            body,
            "<text x=\"{:.0}\" y=\"{middle:.0}\" text-anchor=\"end\">{}</text>\n\
             <rect class=\"{class}\" x=\"{LEFT:.0}\" y=\"{:.0}\" width=\"{length:.1}\" height=\"{:.0}\" rx=\"2\"/>\n\
             <text x=\"{:.1}\" y=\"{middle:.0}\">{words}</text>\n",
            LEFT - 10.0,
            Reader::title(&row.reader),
            *top,
            BAR - 8.0,
            LEFT + length + 6.0,
        );
        *top += BAR;
    }
    *top += 30.0;
}
