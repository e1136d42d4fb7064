//! Requests to object stores by the client that pings use, too: no second one is built in.

use std::time::Duration;

use http_body_util::BodyExt;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
};
use ureq::Agent;

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request may take, and a second more for as many bytes as a slow line carries.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
const BYTES_PER_SECOND: u64 = 128 * 1024;

/// Makes clients.
#[derive(Debug)]
pub struct Connector;

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .user_agent(concat!("bluebook/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(HttpClient::new(Client(agent.into())))
    }
}

#[derive(Debug)]
struct Client(Agent);

#[async_trait::async_trait]
impl HttpService for Client {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let agent = self.0.clone();
        let sent = tokio::task::spawn_blocking(move || send(&agent, parts, &body)).await;
        sent.map_err(|error| HttpError::new(HttpErrorKind::Unknown, error))?
    }
}

fn send(agent: &Agent, parts: ureq::http::request::Parts, body: &[u8]) -> Result<HttpResponse, HttpError> {
    let timeout = REQUEST_TIMEOUT + Duration::from_secs(body.len() as u64 / BYTES_PER_SECOND);
    let request = ureq::http::Request::from_parts(parts, body);
    let request = agent.configure_request(request).timeout_global(Some(timeout)).build();
    let (parts, mut body) = agent.run(request).map_err(to_http_error)?.into_parts();
    let bytes = body.with_config().limit(u64::MAX).read_to_vec().map_err(to_http_error)?;
    Ok(HttpResponse::from_parts(parts, bytes.into()))
}

fn to_http_error(error: ureq::Error) -> HttpError {
    let kind = match &error {
        ureq::Error::ConnectionFailed | ureq::Error::HostNotFound => HttpErrorKind::Connect,
        ureq::Error::Timeout(_) => HttpErrorKind::Timeout,
        ureq::Error::Io(_) => HttpErrorKind::Interrupted,
        _ => HttpErrorKind::Unknown,
    };
    HttpError::new(kind, error)
}
