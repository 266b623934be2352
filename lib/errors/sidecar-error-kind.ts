/**
 * Stable names of what went wrong, for dashboards and alerts. The first six are those of the Go
 * library. The watch loop reports the `watch_` kinds, and reconnects after each of them.
 *
 * - `watch_http_status`: the agent answered the request for the event stream with a status other
 *   than 200. Check `baseUrl` and `watchUrl`; for 401 or 403 check the token in `headers`.
 * - `watch_stream_closed`: the agent ended or reset the event stream, or the watch was stopped. If
 *   it repeats, look into the agent's log.
 * - `watch_event_parse`: the agent sent an event that is malformed or larger than `maxEventBytes`.
 *   Check that this version of the agent is supported, or raise `maxEventBytes`.
 * - `register_replay`: the agent did not accept a register, the first or a replay. The registration
 *   reports it and tries again while the stream is connected. Its `cause` says why.
 * - `sidecar_api`: the agent refused a call. The client reports it; `code` and `reason` say why.
 * - `runtime_error`: anything else, such as methods that cannot be read from the server. Any part
 *   may report it; the class and the message say what to do.
 * - `watch_connect`: the watch loop got no connection, or no answer within `requestTimeout`. Check
 *   that the agent runs, and `baseUrl` or `socketPath`.
 * - `watch_tls`: the TLS handshake of the event stream failed, or a certificate was refused. Check
 *   `tls`, and that the agent speaks TLS.
 * - `watch_idle_timeout`: no byte, or no `connected`, arrived within `idleTimeout`. If it repeats,
 *   compare `idleTimeout` with the interval of the agent's heartbeats.
 * - `watch_content_type`: the answer of status 200 is not an uncompressed `text/event-stream`.
 *   Check that `baseUrl` and `watchUrl` lead to the agent.
 * - `sidecar_connection`: the client could not send a call, or got no complete answer within
 *   `requestTimeout`. Check that the agent runs, and `baseUrl` or `socketPath`.
 * - `invalid_options`: options in code, or settings of a bootstrap file or the environment, cannot
 *   be used. The module reports it when Nest creates the application; correct what the error lists.
 */
export type SidecarErrorKind =
  | 'watch_http_status'
  | 'watch_stream_closed'
  | 'watch_event_parse'
  | 'register_replay'
  | 'sidecar_api'
  | 'runtime_error'
  | 'watch_connect'
  | 'watch_tls'
  | 'watch_idle_timeout'
  | 'watch_content_type'
  | 'sidecar_connection'
  | 'invalid_options';
