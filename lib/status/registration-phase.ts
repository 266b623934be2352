/**
 * The phase of the registration.
 *
 * - `disabled`: the option `enabled` is false; the module sends nothing
 * - `starting`: the application has not finished its bootstrap, or its server is not bound yet
 * - `connecting`: no event stream to the agent is open
 * - `registering`: connected; the agent has not accepted the register yet
 * - `registered`: the agent accepted the latest register
 * - `draining`: drained manually, or leaving the mesh; calls in flight go on
 * - `deregistering`: the deregister is under way, or the last calls are finishing
 * - `deregistered`: deregistered manually
 * - `stopped`: the service has left the mesh
 */
export type RegistrationPhase =
  | 'disabled'
  | 'starting'
  | 'connecting'
  | 'registering'
  | 'registered'
  | 'draining'
  | 'deregistering'
  | 'deregistered'
  | 'stopped';
