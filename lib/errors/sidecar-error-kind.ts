/**
 * Stable names of what went wrong, made for dashboards and alerts. The first six are the Go library's.
 *
 * - `watch_http_status`: `/watch` answered with a status other than 200
 * - `watch_stream_closed`: the agent ended or reset the event stream
 * - `watch_event_parse`: a frame was malformed or larger than `maxEventBytes`
 * - `register_replay`: a register did not succeed
 * - `sidecar_api`: the agent refused a call
 * - `runtime_error`: anything else, such as a method list that cannot be read
 * - `watch_connect`: no connection to `/watch`, or no answer within `requestTimeout`
 * - `watch_tls`: the TLS handshake failed, or a certificate was refused
 * - `watch_idle_timeout`: no byte, or no `connected`, within `idleTimeout`
 * - `watch_content_type`: `/watch` answered 200 with something that is no plain event stream
 * - `sidecar_connection`: a call could not be sent, or got no complete answer in time
 * - `invalid_options`: the module's options are not usable
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
