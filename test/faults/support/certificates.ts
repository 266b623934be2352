import { readFileSync } from 'node:fs';

const pem = (name: string) => readFileSync(new URL(`tls/${name}.pem`, import.meta.url), 'utf8');

/** The certificate of the CA that has signed all others. */
export const CA = pem('ca');
/** An agent that is `agent.test` and 127.0.0.1. */
export const AGENT = { cert: pem('agent'), key: pem('agent.key') };
/** An agent that is `elsewhere.test`. */
export const ELSEWHERE = { cert: pem('elsewhere'), key: pem('elsewhere.key') };
/** A service, as client. */
export const SERVICE = { cert: pem('service'), key: pem('service.key') };
