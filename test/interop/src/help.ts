export const HELP = `Checks a live sidecar-agent against the wire protocol that nestjs-sidecar-agent speaks.

  npm run test:interop -- [--url URL] [--dialect node|flat|auto] [--timeout TIME]

  --url URL       the agent's address (default: SIDECAR_AGENT_URL, or http://127.0.0.1:15010)
  --dialect NAME  the form of the calls: node, flat, or auto, which finds out (default: auto)
  --timeout TIME  how long one call may take, such as 3s or 500ms (default: 3s)
  -h, --help      this text

It registers throw-away services named interop-<random>, which listen on ports of 127.0.0.1, drains and
deregisters them, and deregisters whatever is left at the end, at Ctrl-C too. Its calls go to the agent like those
of any service, so an agent that feeds a mesh announces them there for some seconds.

Each line of the table is one of
  ok    the protocol promises it, and it held
  FAIL  the protocol promises it, and it did not hold
  note  the protocol leaves it open: what this agent does
  skip  a failure before it left nothing to look at

The exit status is 0 where all that is promised held, 1 where it did not or no agent could be reached, and 2 for
a command line that cannot be used.
`;
