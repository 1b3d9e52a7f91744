//! Deadlines: the caller's `grpc-timeout`, within the server's own bounds.

use std::time::{Duration, Instant};

use tonic::codegen::http::HeaderMap;

use crate::config::Times;

/// By how much our answer comes before the caller's deadline, at most, so that
/// it arrives, and so that the transport's timer, which would say CANCELLED,
/// never comes first.
const MARGIN: Duration = Duration::from_millis(5);

/// A `grpc-timeout` header that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MalformedTimeout;

/// The deadline of a call that arrived at `now`, if the caller set one.
///
/// # Errors
/// When it set something else.
pub fn of_caller(headers: &HeaderMap, now: Instant, times: &Times) -> Result<Option<Instant>, MalformedTimeout> {
    let Some(value) = headers.get("grpc-timeout") else { return Ok(None) };
    let timeout = value.to_str().ok().and_then(parse).ok_or(MalformedTimeout)?.min(times.max_deadline);
    Ok(Some(now + timeout - MARGIN.min(timeout / 10)))
}

/// Reads the value of `grpc-timeout`: up to eight digits and a unit, by the
/// gRPC specification.
fn parse(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(number * 3600)),
        "M" => Some(Duration::from_secs(number * 60)),
        "S" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: Times = Times {
        default_deadline: Duration::from_secs(1),
        max_deadline: Duration::from_secs(60),
        body: Duration::ZERO,
        grace: Duration::ZERO,
        drain: Duration::ZERO,
        flush: Duration::ZERO,
    };

    #[test]
    fn timeouts_of_the_specification() {
        assert_eq!(parse("1H"), Some(Duration::from_secs(3600)));
        assert_eq!(parse("2M"), Some(Duration::from_secs(120)));
        assert_eq!(parse("99999999S"), Some(Duration::from_secs(99_999_999)));
        assert_eq!(parse("250m"), Some(Duration::from_millis(250)));
        assert_eq!(parse("0u"), Some(Duration::ZERO));
        assert_eq!(parse("7n"), Some(Duration::from_nanos(7)));
        for wrong in ["", "S", "1", "1s", "-1S", "+1S", "1.5S", "123456789S", "1 S", "۱S", "1ث"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn deadlines_are_bounded_and_a_little_early() {
        let now = Instant::now();
        let deadline = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("grpc-timeout", value.parse().unwrap());
            of_caller(&headers, now, &TIMES).map(|deadline| deadline.unwrap() - now)
        };
        assert_eq!(of_caller(&HeaderMap::new(), now, &TIMES), Ok(None));
        assert_eq!(deadline("1S"), Ok(Duration::from_millis(995)));
        assert_eq!(deadline("10m"), Ok(Duration::from_millis(9)));
        assert_eq!(deadline("0n"), Ok(Duration::ZERO));
        assert_eq!(deadline("5H"), Ok(Duration::from_millis(59_995)));
        assert_eq!(deadline("soon"), Err(MalformedTimeout));
    }
}
