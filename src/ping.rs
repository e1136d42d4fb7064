//! Pings a cron monitor over the protocol of healthchecks.io: once at the start of a run, and once at its end with the exit
//! code and a message. A slow or failing monitor delays a run by seconds at most and never fails it.
//!
//! Everything that can block (DNS, connections, responses) happens on a dedicated thread. A run waits for that thread only
//! at its end, with a time limit.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use ureq::Agent;

use crate::text::random_uuid;

/// How long a run waits at its end in total.
const MAX_WAIT: Duration = Duration::from_secs(10);
/// The same after a signal, whose sender is waiting for the program to end.
const MAX_WAIT_AFTER_SIGNAL: Duration = Duration::from_secs(1);
/// The time limit of one request. A start ping that hangs leaves enough of [`MAX_WAIT`] for the end ping.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(4);
/// The most bytes of the message in a request body.
const MAX_BODY_BYTES: usize = 10_000;

/// A run that is reported to a monitor.
pub struct Ping {
    end: SyncSender<RunEnd>,
    done: Receiver<Result<(), String>>,
}

/// The exit code of a run and its message.
struct RunEnd {
    exit: i32,
    text: String,
}

/// The URL of a monitor's check.
#[derive(Clone, Debug)]
pub struct PingUrl {
    path: String,
    query: String,
}

impl PingUrl {
    /// Parses an http or https URL, with or without a query. An empty text disables pings: CI systems pass one for a
    /// secret that is not set.
    ///
    /// # Errors
    /// If the text is neither empty nor such a URL.
    pub fn parse(url: &str) -> Result<PingUrl, String> {
        let (path, query) =
            url.split_once('?').map_or((url, String::new()), |(path, query)| (path, format!("{query}&")));
        let parsed = path.parse::<ureq::http::Uri>().ok();
        let is_http = |url: &ureq::http::Uri| {
            matches!(url.scheme_str(), Some("http" | "https"))
                && url.host().is_some_and(|host| !host.is_empty())
        };
        match parsed.filter(is_http) {
            None if url.is_empty() => Ok(PingUrl { path: String::new(), query }),
            Some(_) => Ok(PingUrl { path: path.trim_end_matches('/').into(), query }),
            None => Err("a URL was expected, as https://hc-ping.com/your-uuid".into()),
        }
    }

    /// The URL of an event: `start`, an exit code, or nothing for success. `run` is the UUID that pairs start and end.
    fn event_url(&self, what: &str, run: &str) -> String {
        let slash = if what.is_empty() { "" } else { "/" };
        format!("{}{slash}{what}?{}rid={run}", self.path, self.query)
    }
}

impl Ping {
    /// Sends the start ping without waiting for the response. `None` if pings are disabled.
    #[must_use]
    pub fn start(address: PingUrl) -> Option<Ping> {
        if address.path.is_empty() {
            return None;
        }
        let (end, ending) = sync_channel(1);
        let (tell, done) = sync_channel(1);
        // Where the system refuses the thread, the end of the run says that there was no answer.
        let _ = thread::Builder::new().spawn(move || {
            let _ = tell.send(send_pings(&address, &ending));
        });
        Some(Ping { end, done })
    }

    /// Sends the end ping, and waits for both responses within the time limit.
    ///
    /// # Errors
    /// The reason, as text, if a ping failed or timed out.
    pub fn end(self, exit: i32, text: &str) -> Result<(), String> {
        let limit = if exit > 128 { MAX_WAIT_AFTER_SIGNAL } else { MAX_WAIT };
        // If the thread is gone, `recv_timeout` fails too.
        let _ = self.end.send(RunEnd { exit, text: first_bytes(text, MAX_BODY_BYTES).into() });
        self.done.recv_timeout(limit).unwrap_or_else(|_| Err("no answer in time".into()))
    }
}

/// Sends both pings in order and returns the first error.
fn send_pings(address: &PingUrl, ending: &Receiver<RunEnd>) -> Result<(), String> {
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(REQUEST_TIMEOUT))
        .user_agent(concat!("bluebook/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let run = random_uuid();
    let started = post(&agent, &address.event_url("start", &run), "");
    let Ok(end) = ending.recv() else { return Ok(()) };
    let what = if end.exit == 0 { String::new() } else { end.exit.to_string() };
    started.and(post(&agent, &address.event_url(&what, &run), &end.text))
}

fn post(agent: &Agent, url: &str, text: &str) -> Result<(), String> {
    agent.post(url).content_type("text/plain; charset=utf-8").send(text).map(drop).map_err(
        |error| match error {
            ureq::Error::StatusCode(code) => format!("the monitor answered with {code}"),
            error => error.to_string(),
        },
    )
}

/// The longest prefix of a text with at most `most` bytes.
fn first_bytes(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_stands_before_the_query() {
        for (url, what, expected) in [
            ("https://hc-ping.com/x", "start", "https://hc-ping.com/x/start?rid=R"),
            ("https://hc-ping.com/x/", "", "https://hc-ping.com/x?rid=R"),
            ("http://a:1/key/slug?create=1", "74", "http://a:1/key/slug/74?create=1&rid=R"),
        ] {
            assert_eq!(PingUrl::parse(url).unwrap().event_url(what, "R"), expected);
        }
        for url in ["?", "hc-ping.com/x", "ftp://a/b", "https://", "file:///etc/passwd", "http://a b/"] {
            assert!(PingUrl::parse(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(first_bytes("日本", 5), "日");
        assert_eq!(first_bytes("日本", 6), "日本");
        assert_eq!(first_bytes("abc", 10), "abc");
    }
}
