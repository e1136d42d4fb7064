//! Pings to a monitor of schedules, by the protocol of healthchecks.io: one when a run begins, and one when it ends, with its
//! exit code and what there is to say. A monitor that is slow, wrong or gone costs a run seconds at most, and no more.
//!
//! All that could hang (names looked up, connections, answers) is done by a thread of its own. A run waits for it only once,
//! at its end, and only so long.

use std::hash::{BuildHasher, RandomState};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use ureq::Agent;

/// How long a run waits at its end, all in all.
const PATIENCE: Duration = Duration::from_secs(10);
/// The same where it was told to stop, and whoever did so waits.
const PATIENCE_OF_SIGNALS: Duration = Duration::from_secs(1);
/// How long one ping may take, so that one that begins a run and hangs leaves time for the one that ends it.
const ONE: Duration = Duration::from_secs(4);
/// How much a ping may say, in bytes.
const MOST_SAID: usize = 10_000;

/// A run that a monitor follows.
pub struct Ping {
    end: SyncSender<End>,
    done: Receiver<Result<(), String>>,
}

/// How a run ended, and what there is to say.
struct End {
    exit: i32,
    text: String,
}

/// Where a monitor listens.
#[derive(Clone, Debug)]
pub struct Address {
    path: String,
    query: String,
}

impl Address {
    /// The address that a URL names, which may have a query; nowhere, if it is empty, as a secret that is not set is.
    ///
    /// # Errors
    /// Where it is no URL of the web.
    pub fn parse(url: &str) -> Result<Address, String> {
        let (path, query) =
            url.split_once('?').map_or((url, String::new()), |(path, query)| (path, format!("{query}&")));
        let parsed = path.parse::<ureq::http::Uri>().ok();
        let of_the_web = |url: &ureq::http::Uri| {
            matches!(url.scheme_str(), Some("http" | "https"))
                && url.host().is_some_and(|host| !host.is_empty())
        };
        match parsed.filter(of_the_web) {
            None if url.is_empty() => Ok(Address { path: String::new(), query }),
            Some(_) => Ok(Address { path: path.trim_end_matches('/').into(), query }),
            None => Err("a URL was expected, as https://hc-ping.com/your-uuid".into()),
        }
    }

    /// Where to tell of what: `start`, an exit code, or nothing for success; `run` keeps runs apart.
    fn of(&self, what: &str, run: &str) -> String {
        let slash = if what.is_empty() { "" } else { "/" };
        format!("{}{slash}{what}?{}rid={run}", self.path, self.query)
    }
}

impl Ping {
    /// Tells the monitor that a run begins, without waiting for it; none where the address is nowhere.
    #[must_use]
    pub fn start(address: Address) -> Option<Ping> {
        if address.path.is_empty() {
            return None;
        }
        let (end, ending) = sync_channel(1);
        let (tell, done) = sync_channel(1);
        thread::spawn(move || {
            let _ = tell.send(follow(&address, &ending));
        });
        Some(Ping { end, done })
    }

    /// Tells the monitor how the run ended, and waits no longer than a run may be held up.
    ///
    /// # Errors
    /// What went wrong, in words, if the monitor could not be told.
    pub fn end(self, exit: i32, text: &str) -> Result<(), String> {
        let patience = if exit > 128 { PATIENCE_OF_SIGNALS } else { PATIENCE };
        // Where the thread is gone, no answer comes either.
        let _ = self.end.send(End { exit, text: first_bytes(text, MOST_SAID).into() });
        self.done.recv_timeout(patience).unwrap_or_else(|_| Err("no answer in time".into()))
    }
}

/// Sends both pings, one after the other; the first that fails is told.
fn follow(address: &Address, ending: &Receiver<End>) -> Result<(), String> {
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(ONE))
        .user_agent(concat!("bluebook/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let run = random_uuid();
    let started = send(&agent, &address.of("start", &run), "");
    let Ok(end) = ending.recv() else { return Ok(()) };
    let what = if end.exit == 0 { String::new() } else { end.exit.to_string() };
    started.and(send(&agent, &address.of(&what, &run), &end.text))
}

fn send(agent: &Agent, url: &str, text: &str) -> Result<(), String> {
    agent.post(url).content_type("text/plain; charset=utf-8").send(text).map(drop).map_err(
        |error| match error {
            ureq::Error::StatusCode(code) => format!("the monitor answered with {code}"),
            error => error.to_string(),
        },
    )
}

/// The beginning of a text that fits into so many bytes.
fn first_bytes(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

/// A random UUID of version 4. The keys of hash maps are random, and the only thing in the standard library that is.
fn random_uuid() -> String {
    let half = || RandomState::new().hash_one("run");
    let (high, low) = (half() & !0xf000 | 0x4000, half() & !(3 << 62) | 2 << 62);
    let (a, b, c) = (high >> 32, high >> 16 & 0xffff, high & 0xffff);
    format!("{a:08x}-{b:04x}-{c:04x}-{:04x}-{:012x}", low >> 48, low & 0xffff_ffff_ffff)
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
            assert_eq!(Address::parse(url).unwrap().of(what, "R"), expected);
        }
        for url in ["?", "hc-ping.com/x", "ftp://a/b", "https://", "file:///etc/passwd", "http://a b/"] {
            assert!(Address::parse(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_run_has_a_random_uuid_of_version_4() {
        let uuid = random_uuid();
        let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{uuid}");
        assert!(uuid.as_bytes()[14] == b'4' && b"89ab".contains(&uuid.as_bytes()[19]), "{uuid}");
        assert_ne!(uuid, random_uuid());
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(first_bytes("日本", 5), "日");
        assert_eq!(first_bytes("日本", 6), "日本");
        assert_eq!(first_bytes("abc", 10), "abc");
    }
}
