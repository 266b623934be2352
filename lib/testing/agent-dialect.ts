/**
 * The two forms that the bodies of `/register`, `/drain` and `/deregister` have. A real agent
 * understands one of them and answers 400 to the other.
 *
 * - `'node'`: nested fields (`app`, `service`, …). `app_id` and `app_instance_id` identify an
 *   instance. Answers are an envelope (`success`, `code`, `message`, `data`, `generated_at`).
 * - `'flat'`: all fields at the top level (`app_id`, `name`, `port`, …). `name` and `port` identify
 *   an instance. Answers are the instance itself, or `{"error":"…"}`.
 */
export type AgentDialect = 'node' | 'flat';
