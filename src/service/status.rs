//! Statuses of the contract, with their `google.rpc` details.

use std::time::Duration;

use prost::Message;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

use super::executor::Failure;
use crate::{Error, Violation};

/// Details travel in a header, for which clients have little room (8 KiB is
/// common): so many violations.
const MOST_VIOLATIONS: usize = 16;
/// Characters of a description, which may quote the caller.
const LONGEST_DESCRIPTION: usize = 100;

/// The shortest and the longest time to be told to wait before trying again.
const RETRY_DELAYS: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

/// INVALID_ARGUMENT with every violation by field path, as many as fit.
pub fn invalid(violations: &[Violation]) -> Status {
    let short = |text: &str| match text.char_indices().nth(LONGEST_DESCRIPTION) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    };
    let listed: Vec<_> =
        violations.iter().take(MOST_VIOLATIONS).map(|v| FieldViolation::new(&v.field, short(&v.description))).collect();
    let mut message = match listed.first() {
        Some(first) => format!("{}: {}", first.field, first.description),
        None => "invalid request".to_owned(),
    };
    if violations.len() > 1 {
        message.push_str(&format!(" (and {} more)", violations.len() - 1));
    }
    Status::with_error_details(Code::InvalidArgument, message, ErrorDetails::with_bad_request(listed))
}

/// Why an article was not enriched. The library says no more than that it
/// stopped, which here, where somebody still waits, means the deadline.
pub fn of_error(error: &Error) -> Status {
    match error {
        Error::Invalid(violations) => invalid(violations),
        Error::Cancelled => deadline_exceeded(),
    }
}

/// Why there is no result at all.
pub fn of_failure(failure: Failure) -> Status {
    match failure {
        Failure::Expired => deadline_exceeded(),
        Failure::Panicked => Status::internal("internal error; the article was not enriched"),
        Failure::Stopped => shutting_down(),
    }
}

/// The deadline passed, and the work stopped.
pub fn deadline_exceeded() -> Status {
    Status::deadline_exceeded("the deadline passed")
}

/// Too much work is in flight; it may be less after the time given.
pub fn exhausted(retry_delay: Duration) -> Status {
    let (shortest, longest) = RETRY_DELAYS;
    let details = ErrorDetails::with_retry_info(Some(retry_delay.clamp(shortest, longest)));
    Status::with_error_details(Code::ResourceExhausted, "too much work in flight; try again later", details)
}

/// The response is longer than any may be.
pub fn too_long(length: usize, limit: usize) -> Status {
    let message = format!("the response is {length} bytes long; the limit is {limit}; omit_text makes it shorter");
    Status::resource_exhausted(message)
}

/// The server stops.
pub fn shutting_down() -> Status {
    Status::unavailable("shutting down")
}

/// What the transport says about a message that it could not read, in the
/// codes of the contract: bytes that are no message are the caller's fault, a
/// long message is refused for its size.
pub fn of_unread(status: Status) -> Status {
    let code = match status.code() {
        Code::Internal => Code::InvalidArgument,
        Code::OutOfRange => Code::ResourceExhausted,
        _ => return status,
    };
    Status::new(code, status.message())
}

/// The status as a message, for one item of a batch or stream.
pub fn to_message(status: &Status) -> tonic_types::Status {
    // Where there are details, they hold all of it.
    match tonic_types::Status::decode(status.details()) {
        Ok(message) if !status.details().is_empty() => message,
        _ => tonic_types::Status {
            code: status.code().into(),
            message: status.message().to_owned(),
            details: Vec::new(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic_types::RpcStatusExt;

    #[test]
    fn every_violation_is_listed() {
        let status =
            invalid(&[Violation::new("article", "required"), Violation::new("min_confidence", "must be 0 to 1")]);
        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(status.message(), "article: required (and 1 more)");
        let listed = status.get_details_bad_request().unwrap().field_violations;
        assert_eq!(listed.len(), 2);
        assert_eq!(listed[1].field, "min_confidence");
    }

    #[test]
    fn a_status_fits_a_header_whatever_was_sent() {
        let violations: Vec<_> =
            (0..10_000).map(|_| Violation::new("article.document_date", "ت".repeat(10_000))).collect();
        let status = invalid(&violations);
        let headers = status.into_http::<tonic::body::Body>();
        let bytes: usize = headers.headers().values().map(|value| value.len()).sum();
        assert!(bytes < 7_000, "{bytes}");
    }

    #[test]
    fn a_refusal_says_when_to_come_back() {
        for (wait, told) in [(1, 50), (300, 300), (60_000, 5000)] {
            let status = exhausted(Duration::from_millis(wait));
            assert_eq!(status.code(), Code::ResourceExhausted);
            let told = Some(Duration::from_millis(told));
            assert_eq!(status.get_details_retry_info().unwrap().retry_delay, told);
        }
    }

    #[test]
    fn items_carry_the_same_status() {
        let message = to_message(&invalid(&[Violation::new("article", "required")]));
        assert_eq!((message.code, message.message.as_str()), (3, "article: required"));
        assert_eq!(message.get_details_bad_request().unwrap().field_violations[0].field, "article");
        let message = to_message(&deadline_exceeded());
        assert_eq!((message.code, message.message.as_str()), (4, "the deadline passed"));
    }

    #[test]
    fn unread_messages() {
        assert_eq!(of_unread(Status::internal("no protobuf")).code(), Code::InvalidArgument);
        assert_eq!(of_unread(Status::out_of_range("too long")).code(), Code::ResourceExhausted);
        assert_eq!(of_unread(Status::unimplemented("gzip")).code(), Code::Unimplemented);
    }
}
