//! Numbers with a fraction. The standard library and serde_json write and read them to the last bit
//! with twenty kilobytes of tables that do not compress; what guides hold are degrees and orders.
//!
//! Up to 15 significant digits are given back exactly, more are rounded to 15.

/// Below this, whole numbers are exact and their decimals are seen.
const WHOLE_MAX: f64 = 1e15;

/// Appends a number; one that is whole keeps a `.0`, so that it is read as what it was. JSON has no
/// word for what is not a number.
pub fn write(value: f64, json: &mut String) {
    if !value.is_finite() {
        return json.push_str("null");
    }
    if value.is_sign_negative() {
        json.push('-');
    }
    let size = value.abs();
    let exact = |decimals: &usize| whole(size * ten_to(*decimals)) / ten_to(*decimals) == size;
    match (0..16).take_while(|decimals| size * ten_to(*decimals) < WHOLE_MAX).find(exact) {
        Some(decimals) => write_decimal(whole(size * ten_to(decimals)) as u64, decimals, json),
        None => write_rounded(size, json),
    }
}

fn write_decimal(digits: u64, decimals: usize, json: &mut String) {
    let digits = format!("{digits:0width$}", width = decimals + 1);
    let (before, after) = digits.split_at(digits.len() - decimals);
    json.extend([before, ".", if after.is_empty() { "0" } else { after }]);
}

/// Fifteen digits and where the point belongs.
fn write_rounded(mut size: f64, json: &mut String) {
    let mut exponent = 0;
    while size >= WHOLE_MAX {
        size /= 10.0;
        exponent += 1;
    }
    while size < WHOLE_MAX / 10.0 {
        size *= 10.0;
        exponent -= 1;
    }
    json.push_str(&format!("{}e{exponent}", whole(size) as u64));
}

/// What a number as JSON writes it stands for; `None` when it is larger than any.
pub fn parse(text: &str) -> Option<f64> {
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (mut digits, mut decimals, mut past_point) = (0_u64, 0, false);
    for byte in number.bytes() {
        match byte {
            b'.' => past_point = true,
            b'0'..=b'9' if digits < 100_000_000_000_000_000 => {
                digits = digits * 10 + u64::from(byte - b'0');
                decimals += i32::from(past_point);
            }
            b'0'..=b'9' => decimals -= i32::from(!past_point),
            _ => {}
        }
    }
    let exponent = exponent.parse::<i32>().unwrap_or(if exponent.starts_with('-') { -9_999 } else { 9_999 });
    let shift = exponent.saturating_sub(decimals).clamp(-400, 400);
    let size = match usize::try_from(shift) {
        Ok(up) => digits as f64 * ten_to(up),
        Err(_) => digits as f64 / ten_to(shift.unsigned_abs() as usize),
    };
    let value = if number.starts_with('-') { -size } else { size };
    value.is_finite().then_some(value)
}

/// Exact up to 22.
fn ten_to(power: usize) -> f64 {
    (0..power).fold(1.0, |product, _| product * 10.0)
}

fn whole(size: f64) -> f64 {
    (size + 0.5).floor()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: f64) -> String {
        let mut json = String::new();
        write(value, &mut json);
        json
    }

    #[test]
    fn numbers_are_written_as_people_write_them() {
        let cases = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (5.0, "5.0"),
            (-1.5, "-1.5"),
            (0.1, "0.1"),
            (45.188529, "45.188529"),
            (-5.724524, "-5.724524"),
            (1e14, "100000000000000.0"),
            (0.000000000000001, "0.000000000000001"),
            (1.0 / 3.0, "333333333333333e-15"),
            (1e300, "100000000000000e286"),
            (f64::INFINITY, "null"),
        ];
        for (value, text) in cases {
            assert_eq!(written(value), text);
        }
    }

    #[test]
    fn what_is_written_is_read_as_the_standard_library_reads_it() {
        let whole = ["0", "-0", "7", "1e3", "12E-2", "1.25e+2", "0.000001", "45.188500000001", "123456789012345"];
        for text in whole {
            assert_eq!(parse(text), text.parse().ok(), "{text}");
        }
        let near = ["0.1234567890123456789", "45.18850000000001", "123456789012345678901234567890", "1.797693134862e308"];
        for text in near {
            let theirs: f64 = text.parse().expect("a number");
            let ours = parse(text).expect("a number");
            assert!((ours - theirs).abs() <= theirs.abs() * 1e-15, "{text}: {ours} beside {theirs}");
        }
        assert_eq!(parse("1e309"), None);
        assert_eq!(parse("1e99999999999"), None);
        assert_eq!(parse("1e-99999999999"), Some(0.0));
    }

    #[test]
    fn decimals_come_back_to_the_last_bit() {
        for millionths in (-180_000_000..180_000_000).step_by(7_919) {
            let value = f64::from(millionths) / 1e6;
            assert_eq!(parse(&written(value)), Some(value));
        }
    }
}
