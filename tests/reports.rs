//! What machines are told of a run: reports, logs, jobs of GitHub, and monitors.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use serde_json::{Value, json};

use crate::support::{Case, Ended, annex, says};

/// The annex with a figure that is not what the total needs.
fn broken() -> Case {
    Case::with(&annex().replacen("\t549\t", "\t594\t", 1))
}

/// The annex with many problems, of more than one cause: each `1` is another letter.
fn spoiled() -> String {
    let mut letters = ('a'..='z').cycle();
    annex().chars().map(|c| if c == '1' { letters.next().unwrap() } else { c }).collect()
}

fn report(case: &Case) -> Value {
    serde_json::from_slice(&fs::read(case.path("report.json")).unwrap()).unwrap()
}

/// The lines of a log, each of them JSON; the last is the only one that ends the run.
fn log(ended: &Ended) -> Vec<Value> {
    let lines: Vec<Value> = ended.err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ends = lines.iter().filter(|line| line["event"] == "run_finished").count();
    assert!(ends == 1 && lines.last().unwrap()["event"] == "run_finished", "{}", ended.err);
    assert_eq!(lines.last().unwrap()["exit"], ended.code);
    lines
}

fn events(ended: &Ended) -> Vec<String> {
    log(ended).iter().map(|line| line["event"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_report_tells_the_whole_run() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run", "--report", "report.json"]).code, 0);
    let told = report(&case);
    assert_eq!((&told["exit"], &told["changed"], &told["error"]), (&json!(0), &json!(true), &Value::Null));
    let input = &told["inputs"][0];
    assert_eq!(
        (&input["path"], &input["format"], &input["release"], &input["dataset"]),
        (
            &json!("input/annex.txt"),
            &json!("text, UTF-8"),
            &json!("2026-02-28"),
            &json!("hk-talent-admissions")
        )
    );
    let dataset = &told["datasets"][0];
    assert_eq!(
        (&dataset["documents"], &dataset["tables"], &dataset["observations"], &dataset["notes"]),
        (&json!(1), &json!(7), &json!(228), &json!(5))
    );
    let of = |table: &str| {
        dataset["checks"].as_array().unwrap().iter().find(|of| of["table"] == table).unwrap().clone()
    };
    assert_eq!(
        of("TTPS").to_string(),
        r#"{"table":"TTPS","figures":28,"nil":0,"totals":4,"passed":4,"failed":0,"derived":0,"claims":0}"#
    );
    let files = dataset["outputs"].as_array().unwrap();
    assert_eq!(files.len(), case.bytes().len());
    for file in files {
        let bytes = fs::read(case.path(file["path"].as_str().unwrap())).unwrap();
        assert_eq!(file["bytes"], bytes.len());
    }
    let rows = |name: &str| {
        let path = format!("output/hk-talent-admissions/{name}");
        files.iter().find(|file| file["path"] == path.as_str()).unwrap()["rows"].clone()
    };
    assert_eq!(
        (rows("observations.csv"), rows("checks.parquet"), rows("datapackage.json")),
        (json!(228), json!(case.rows("checks").len()), Value::Null)
    );
    let package: Value = serde_json::from_slice(&case.bytes()["datapackage.json"]).unwrap();
    assert_eq!(files[0]["sha256"], package["resources"][0]["hash"].as_str().unwrap().replace("sha256:", ""));
    assert_eq!(
        input["sha256"],
        package["sources"][0]["sha256"].as_str().map_or(input["sha256"].clone(), Into::into)
    );
}

#[test]
fn what_a_report_tells_is_not_published() {
    let (plain, told) = (Case::with(&annex()), Case::with(&annex()));
    plain.run(&["run"]);
    told.run(&[
        "run",
        "--report",
        "r.json",
        "--junit",
        "j.xml",
        "--sarif",
        "s.sarif",
        "--log-format",
        "json",
    ]);
    assert_eq!(plain.bytes(), told.bytes());
}

#[test]
fn a_run_that_changes_nothing_says_so() {
    let case = Case::with(&annex());
    case.run(&["run"]);
    let ended = case.run(&["run", "--report", "report.json"]);
    assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (0, "", ""));
    let told = report(&case);
    assert_eq!((&told["changed"], &told["datasets"][0]["changed"]), (&json!(false), &json!(false)));
    assert_eq!(told["datasets"][0]["outputs"].as_array().unwrap().len(), 13);
}

#[test]
fn problems_are_reported_with_their_places() {
    let case = broken();
    let ended = case.run(&["check", "--report", "report.json"]);
    assert_eq!(ended.code, 1);
    let told = report(&case);
    assert_eq!((&told["exit"], &told["command"]), (&json!(1), &json!("check")));
    assert_eq!(told["datasets"][0]["checks"][5]["failed"], 1);
    let problem = &told["problems"][0];
    assert_eq!(
        problem["places"].to_string(),
        r#"[{"file":"input/annex.txt","line":17,"column":7,"end_column":13,"label":"printed 49 737, but its 6 rows make 49 782 (45 too many)"}]"#
    );
    assert_eq!((&problem["rule"], &problem["severity"]), (&json!("total"), &json!("error")));
    let repair = &problem["repairs"][0];
    says(repair["words"].as_str().unwrap(), &["line 12: 594 → 549  two digits swapped"]);
    says(repair["correction"].as_str().unwrap(), &["[[correction]]\n", "value = 549\n"]);
}

#[test]
fn a_run_that_fails_is_reported_too() {
    let absent = Case::new();
    assert_eq!(absent.run(&["run", "--report", "report.json"]).code, 66);
    assert_eq!(
        (&report(&absent)["exit"], &report(&absent)["error"]),
        (&json!(66), &json!("input does not exist"))
    );

    let wrong = Case::with(&annex()).file("own.toml", "name = \"x\"\n");
    assert_eq!(wrong.run(&["run", "--dataset", "own.toml", "--report", "report.json"]).code, 78);
    let told = report(&wrong);
    assert_eq!((&told["exit"], &told["error"]), (&json!(78), &json!("the definition cannot be used")));
    assert_eq!(told["problems"][0]["places"][0]["file"], "own.toml");

    let unwritable = Case::with(&annex()).file("output", "a file");
    assert_eq!(unwritable.run(&["run", "--report", "report.json"]).code, 74);
    says(report(&unwritable)["error"].as_str().unwrap(), &["output"]);
    assert_eq!(report(&unwritable)["inputs"][0]["path"], "input/annex.txt");
}

#[test]
fn a_report_that_cannot_be_written_ends_with_74_and_says_that_the_set_stands() {
    let case = Case::with(&annex());
    let ended = case.run(&["run", "--report", "nowhere/report.json", "--sarif", "input"]);
    assert_eq!(ended.code, 74);
    says(
        &ended.err,
        &[
            "error: cannot write the report input: it is not a file; name one\n",
            "error: cannot write the report nowhere/report.json; what is published stands: ",
        ],
    );
    assert_eq!(case.rows("observations").len(), 228);
    assert_eq!(case.run(&["run", "--report", "-"]).code, 2);
}

#[cfg(unix)]
#[test]
fn a_report_takes_the_place_of_a_file_alone() {
    let case = Case::with(&annex()).file("real/report.json", "old");
    std::os::unix::fs::symlink("real/report.json", case.path("report.json")).unwrap();
    assert_eq!(case.run(&["check", "--report", "report.json"]).code, 0);
    assert!(fs::symlink_metadata(case.path("report.json")).unwrap().is_symlink());
    assert_eq!(report(&case)["exit"], 0);
    assert_eq!(fs::read_dir(case.path("real")).unwrap().count(), 1, "nothing is left beside it");
    assert_eq!(case.run(&["check", "--report", "/dev/null"]).code, 74);
}

#[test]
fn junit_has_a_case_for_the_totals_of_each_category_and_for_each_rule() {
    let case = broken();
    case.run(&["check", "--junit", "junit.xml"]);
    let xml = fs::read_to_string(case.path("junit.xml")).unwrap();
    says(
        &xml,
        &[
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"bluebook\" tests=\"7\" failures=\"2\" errors=\"0\" time=\"",
            "<testsuite name=\"hk-talent-admissions\" tests=\"6\" failures=\"1\" errors=\"0\" timestamp=\"",
            "<testcase classname=\"hk-talent-admissions\" name=\"totals of GEP\"/>\n",
            "<failure message=\"1 of 4 totals do not add up\">",
            "<testsuite name=\"input/annex.txt\" tests=\"1\" failures=\"1\" errors=\"0\"",
            "<testcase classname=\"input/annex.txt\" name=\"total\">\n      <failure message=\"the total doesn&apos;t add up: printed 49 737,",
            "--&gt; input/annex.txt:17:7\n",
        ],
    );
    let failed = Case::new();
    failed.run(&["run", "--junit", "junit.xml"]);
    says(
        &fs::read_to_string(failed.path("junit.xml")).unwrap(),
        &["errors=\"1\"", "<error message=\"input does not exist\">input does not exist</error>"],
    );
}

#[test]
fn sarif_points_at_the_characters() {
    let case = broken();
    case.run(&["check", "--sarif", "bluebook.sarif"]);
    let log: Value = serde_json::from_slice(&fs::read(case.path("bluebook.sarif")).unwrap()).unwrap();
    let run = &log["runs"][0];
    assert_eq!((&run["results"][0]["ruleId"], &run["results"][0]["ruleIndex"]), (&json!("total"), &json!(0)));
    assert_eq!(
        run["results"][0]["locations"][0]["physicalLocation"].to_string(),
        r#"{"artifactLocation":{"uri":"input/annex.txt"},"region":{"startLine":17,"startColumn":7,"endColumn":13}}"#
    );
    assert_eq!(
        (&run["invocations"][0]["exitCode"], &run["results"][0]["level"]),
        (&json!(1), &json!("error"))
    );
}

#[test]
fn a_log_is_one_object_a_line_however_a_run_ends() {
    let case = Case::with(&annex());
    let first = case.run(&["run", "--log-format", "json"]);
    assert_eq!(events(&first), ["run_started", "document_read", "published", "run_finished"]);
    assert_eq!((first.code, first.out.as_str()), (0, ""));
    let end = log(&first).pop().unwrap();
    assert_eq!(
        (&end["level"], &end["changed"], &end["documents"], &end["totals"], &end["passed"], &end["release"]),
        (&json!("info"), &json!(true), &json!(1), &json!(24), &json!(24), &json!("2026-02-28"))
    );
    let json = [("BLUEBOOK_LOG_FORMAT", "json")];
    assert_eq!(
        events(&case.run_with(&["run"], &json)),
        ["run_started", "document_read", "unchanged", "run_finished"]
    );
    assert_eq!(events(&case.run_with(&["run", "-q"], &json)), ["run_started", "run_finished"]);
    let wrong = broken();
    let ended = wrong.run_with(&["run"], &json);
    assert_eq!(events(&ended), ["run_started", "document_read", "problem", "run_finished"]);
    assert_eq!(log(&ended)[3]["errors"], 1);
    let absent = Case::new().run_with(&["check"], &json);
    assert_eq!(events(&absent), ["run_started", "error", "run_finished"]);
    assert_eq!(log(&absent)[2]["error"], "input does not exist");
    let definition = wrong.file("own.toml", "name = \"x\"\n");
    let ended = definition.run_with(&["check", "--dataset", "own.toml"], &json);
    assert_eq!((ended.code, events(&ended)[1].as_str()), (78, "problem"));
}

#[test]
fn workers_keep_their_words_where_a_log_is_json() {
    let case = Case::new().file("input/a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no workbook");
    let plain = case.run(&["check"]);
    let ended = case.run_with(&["check"], &[("BLUEBOOK_LOG_FORMAT", "json"), ("BLUEBOOK_GITHUB", "never")]);
    let message = log(&ended)[1]["message"].as_str().unwrap().to_owned();
    assert_eq!(ended.code, 65);
    says(&plain.err, &[&message]);
}

/// A job of GitHub Actions in the case's folder.
fn github<'a>(summary: &'a str, output: &'a str) -> [(&'a str, &'a str); 3] {
    [("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", summary), ("GITHUB_OUTPUT", output)]
}

#[test]
fn github_gets_annotations_a_page_and_outputs() {
    let case = broken().file("output.txt", "earlier=1\n");
    let ended = case.run_with(&["check"], &github("page.md", "output.txt"));
    assert_eq!(ended.code, 1);
    says(
        &ended.out,
        &[
            "::error file=input/annex.txt,line=17,col=7,endColumn=12,title=total::the total doesn't add up: printed 49 737, but its 6 rows make 49 782 (45 too many)",
        ],
    );
    assert_eq!(ended.out.lines().count(), 1);
    let page = fs::read_to_string(case.path("page.md")).unwrap();
    says(
        &page,
        &[
            "## bluebook check: 1 problem\n",
            "| hk-talent-admissions | 2026-02-28 | 1 | 7 | 224 | 23 of 24 | 228 |\n",
            "| error | input/annex.txt:17:7 | the total doesn't add up: ",
        ],
    );
    let outputs = fs::read_to_string(case.path("output.txt")).unwrap();
    assert_eq!(
        outputs,
        "earlier=1\nchanged=false\nrelease=2026-02-28\nproblems=1\nrevised=0\nreleases_changed=\n"
    );
    let never = case.run_with(&["check", "--github", "never"], &github("none.md", "output.txt"));
    assert_eq!((never.code, never.out.as_str(), case.path("none.md").exists()), (1, "", false));
}

#[test]
fn github_gets_ten_annotations_of_a_kind_at_most() {
    let case = Case::with(&spoiled());
    let ended = case.run_with(&["check"], &github("page.md", "output.txt"));
    let errors: Vec<&str> = ended.out.lines().filter(|line| line.starts_with("::error ")).collect();
    assert_eq!(errors.len(), 10, "{}", ended.out);
    assert!(
        errors[9].starts_with("::error title=bluebook::and ") && errors[9].ends_with(" more, in the log")
    );
}

#[test]
fn paths_are_told_as_the_repository_knows_them() {
    let case = Case::new().file("repository/data/annex.txt", annex().replacen("\t549\t", "\t594\t", 1));
    let (workspace, path) = (case.path("repository"), case.path("repository/data/annex.txt"));
    let variables = [("GITHUB_ACTIONS", "true"), ("GITHUB_WORKSPACE", workspace.to_str().unwrap())];
    let ended = case.run_with(&["check", path.to_str().unwrap()], &variables);
    says(&ended.out, &["::error file=data/annex.txt,line=17,"]);
}

#[test]
fn github_files_that_cannot_be_written_are_a_warning() {
    let case = Case::with(&annex());
    let ended = case.run_with(&["run"], &github("nowhere/page.md", "nowhere/output.txt"));
    assert_eq!(ended.code, 0);
    says(
        &ended.err,
        &[
            "warning: GITHUB_STEP_SUMMARY: cannot write nowhere/page.md: ",
            "warning: GITHUB_OUTPUT: cannot write ",
        ],
    );
}

/// A request that a monitor got: its first line, and its body.
type Request = (String, String);

/// A monitor that answers every request so, and tells what it was asked; it never answers where there is no answer.
fn monitor(answer: Option<&'static str>) -> (String, Receiver<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/uuid", listener.local_addr().unwrap());
    let (tell, asked) = channel();
    thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = tell.send(request(&stream));
            if let Some(answer) = answer {
                stream.write_all(answer.as_bytes()).unwrap();
            } else {
                open.push(stream);
            }
        }
    });
    (address, asked)
}

fn request(stream: &TcpStream) -> Request {
    let mut reader = BufReader::new(stream);
    let lines: Vec<String> =
        reader.by_ref().lines().map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
    let length =
        lines.iter().find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    (lines[0].clone(), String::from_utf8(body).unwrap())
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK";

/// What was asked for, with the run's identifier taken off, which must be the same in all.
fn asked(requests: &[Request]) -> Vec<&str> {
    let rids: Vec<&str> = requests.iter().map(|(line, _)| line.split_once("rid=").unwrap().1).collect();
    assert!(rids.windows(2).all(|pair| pair[0] == pair[1]), "{rids:?}");
    requests.iter().map(|(line, _)| line.split_once("rid=").unwrap().0).collect()
}

#[test]
fn a_monitor_is_told_when_a_run_begins_and_that_it_ended_well() {
    let (address, requests) = monitor(Some(OK));
    let ended = Case::with(&annex()).run(&["run", "--ping", &address]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let requests: Vec<Request> = requests.try_iter().collect();
    assert_eq!(asked(&requests), ["POST /uuid/start?", "POST /uuid?"]);
    assert_eq!(requests[0].1, "");
    says(
        &requests[1].1,
        &["bluebook run: published\nhk-talent-admissions: 1 document, 7 tables, 224 printed figures"],
    );
}

#[test]
fn a_monitor_is_told_the_exit_code_and_the_problems() {
    let (address, requests) = monitor(Some(OK));
    let ended = broken().run_with(&["run"], &[("BLUEBOOK_PING", &format!("{address}?create=1"))]);
    assert_eq!(ended.code, 1);
    let requests: Vec<Request> = requests.try_iter().collect();
    assert_eq!(asked(&requests), ["POST /uuid/start?create=1&", "POST /uuid/1?create=1&"]);
    says(
        &requests[1].1,
        &["bluebook run: 1 problem\n", "error: the total doesn't add up\n  --> input/annex.txt:17:7\n"],
    );
    let (address, requests) = monitor(Some(OK));
    assert_eq!(Case::new().run(&["run", "--ping", &address]).code, 66);
    assert_eq!(asked(&requests.try_iter().collect::<Vec<_>>())[1], "POST /uuid/66?");
}

#[test]
fn a_ping_says_ten_thousand_bytes_at_most() {
    let (address, requests) = monitor(Some(OK));
    Case::with(&spoiled()).run(&["check", "--ping", &address]);
    let last = requests.try_iter().last().unwrap();
    assert_eq!(last.1.len(), 10_000);
}

#[test]
fn a_monitor_that_is_wrong_or_gone_changes_nothing_but_a_line() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let broken = monitor(Some("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    let circle =
        monitor(Some("HTTP/1.1 307 Go\r\nLocation: /uuid\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    let noise = monitor(Some("no HTTP\r\n\r\n"));
    for address in [format!("http://{gone}/uuid"), broken.0, circle.0, noise.0] {
        let ended = Case::with(&annex()).run(&["run", "--ping", &address]);
        assert_eq!(ended.code, 0);
        let lines: Vec<&str> = ended.err.lines().collect();
        assert!(
            lines.len() == 1 && lines[0].starts_with("warning: the monitor was not told how the run ended: "),
            "{address}: {}",
            ended.err
        );
    }
}

#[test]
fn a_monitor_that_never_answers_does_not_keep_a_run() {
    let (address, requests) = monitor(None);
    let ended = Case::with(&annex()).run(&["check", "--ping", &address, "--log-format", "json"]);
    assert_eq!((ended.code, events(&ended)[2].as_str()), (0, "warning"));
    assert_eq!(requests.try_iter().count(), 2, "the end is told though the beginning got no answer");
}

#[test]
fn what_is_no_url_is_wrong_usage() {
    for url in ["hc-ping.com/x", "ftp://a/b", "-"] {
        assert_eq!(Case::with(&annex()).run(&["run", "--ping", url]).code, 2, "{url}");
    }
    let unset = Case::with(&annex()).run_with(&["run"], &[("BLUEBOOK_PING", "")]);
    assert_eq!((unset.code, unset.err.as_str()), (0, ""));
    let help = Case::new().run_with(&["run", "--help"], &[("BLUEBOOK_PING", "https://monitor/secret")]);
    assert!(help.out.contains("BLUEBOOK_PING") && !help.out.contains("secret"));
}

#[test]
fn what_is_not_seen_is_shown_escaped_everywhere() {
    let text = annex().replace("Pakistan\t57", "Paki\u{202e}stan\u{7f}\t57");
    let case = Case::with(&text);
    let arguments = ["check", "--report", "r.json", "--junit", "r.xml", "--sarif", "r.sarif"];
    let ended =
        case.run_with(&arguments, &[("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", "summary.md")]);
    assert_eq!(ended.code, 1);
    let inspected = case.run(&["inspect", "--cells", "input/annex.txt"]);
    let json = case.run(&["inspect", "--format", "json", "input/annex.txt"]);
    let files = ["r.json", "r.xml", "r.sarif", "summary.md"];
    let read = |name: &str| fs::read_to_string(case.path(name)).unwrap_or_default();
    let printed = [ended.out, ended.err, inspected.out, inspected.err, json.out];
    for text in files.iter().map(|name| read(name)).chain(printed) {
        assert!(!text.contains(['\u{202e}', '\u{7f}']), "{text}");
    }
    for name in ["r.json", "r.xml", "r.sarif"] {
        assert!(read(name).contains("202e"), "{name}");
    }
}

#[test]
fn one_cause_is_one_problem_in_every_report() {
    let headings: Vec<String> = (0..380).map(|at| format!("Series {at}")).collect();
    let table = format!("Top Talent Pass Scheme\n\nRegion\t2023\t2024\t2025\t{}\n", headings.join("\t"));
    let figures = "\t1".repeat(383);
    let document = format!("{table}Canada{figures}\nTotal{figures}\n");
    let ended = Case::in_parts(&document).run(&["check", "--report", "r.json"]);
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert!(ended.err.lines().count() < 60, "{}", ended.err);
}

/// The events of a run, as OpenLineage has them.
fn lineage(case: &Case) -> Vec<Value> {
    let text = fs::read_to_string(case.path("lineage.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn lineage_tells_inputs_assertions_and_outputs() {
    let case = Case::with(&annex());
    let parent = [("OPENLINEAGE_PARENT_ID", "ours/daily/figures/0197-a"), ("OPENLINEAGE_NAMESPACE", "ours")];
    let ended = case.run_with(&["run", "-q", "--lineage", "lineage.jsonl"], &parent);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let events = lineage(&case);
    let kinds: Vec<&Value> = events.iter().map(|event| &event["eventType"]).collect();
    assert_eq!(kinds, ["START", "COMPLETE"]);
    assert_eq!(events[0]["run"]["runId"], events[1]["run"]["runId"]);
    let job = &events[1]["job"];
    assert_eq!((&job["namespace"], &job["name"]), (&json!("ours"), &json!("bluebook.run")));
    let caller = &events[1]["run"]["facets"]["parent"];
    assert_eq!(
        (&caller["job"]["name"], &caller["run"]["runId"]),
        (&json!("daily/figures"), &json!("0197-a"))
    );
    let input = &events[1]["inputs"][0];
    assert!(input["name"].as_str().unwrap().ends_with("/input/annex.txt"), "{input}");
    let assertions = input["inputFacets"]["dataQualityAssertions"]["assertions"].as_array().unwrap();
    // Six tables print totals, and two of them nil marks.
    let of = |kind: &str| {
        assertions.iter().filter(|of| of["assertion"].as_str().unwrap().starts_with(kind)).count()
    };
    assert_eq!((of("printed totals"), of("nil marks"), assertions.len()), (6, 2, 8));
    assert!(assertions.iter().all(|of| of["success"] == true));
    let outputs = events[1]["outputs"].as_array().unwrap();
    let observations =
        outputs.iter().find(|of| of["name"].as_str().unwrap().ends_with("/observations.parquet")).unwrap();
    assert_eq!(observations["outputFacets"]["outputStatistics"]["rowCount"], 228);
    let field = &observations["facets"]["schema"]["fields"][0];
    assert_eq!((&field["name"], &field["type"]), (&json!("dataset"), &json!("utf8")));
    assert_eq!(outputs.len(), 6, "a file for each table that is published");
}

#[test]
fn lineage_of_a_run_that_fails_says_so() {
    let case = broken();
    assert_eq!(case.run(&["check", "-q", "--lineage", "lineage.jsonl"]).code, 1);
    let events = lineage(&case);
    assert_eq!((events.len(), &events[1]["eventType"]), (2, &json!("FAIL")));
    assert_eq!(events[1]["outputs"], json!([]));
    says(
        events[1]["run"]["facets"]["errorMessage"]["message"].as_str().unwrap(),
        &["the total doesn't add up"],
    );
    let assertions = &events[1]["inputs"][0]["inputFacets"]["dataQualityAssertions"]["assertions"];
    let failed = assertions.as_array().unwrap().iter().filter(|of| of["success"] == false);
    let failed: Vec<[&Value; 3]> =
        failed.map(|of| ["name", "expected", "actual"].map(|name| &of[name])).collect();
    assert_eq!(failed, [["printed totals of TTPS", "4", "3"]]);
}
