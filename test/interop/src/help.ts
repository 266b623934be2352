export const HELP = `Checks that a live sidecar-agent follows the wire protocol of nestjs-sidecar-agent.

  npm run test:interop -- [--url URL] [--dialect node|flat|auto] [--timeout TIME]

  --url URL       address of the agent (default: SIDECAR_AGENT_BASE_URL, or http://127.0.0.1:15010)
  --dialect NAME  dialect of the calls: node, flat, or auto to detect it (default: auto)
  --timeout TIME  time limit of one call, such as 3s or 500ms (default: 3s)
  -h, --help      show this text

The command registers temporary services named interop-<random>, which listen on ports of 127.0.0.1. It drains
and deregisters them, and deregisters the rest at the end or at Ctrl-C. For the agent these are normal services:
an agent that is part of a mesh shows them to the mesh for some seconds.

The first word of each line is one of
  ok    the protocol promises it, and the agent does it
  FAIL  the protocol promises it, and the agent does not do it
  note  the protocol does not define it; the line shows what the agent does
  skip  the check could not run because an earlier one failed

Exit status: 0 if every promise was kept, 1 if one was not or no agent could be reached, 2 for an invalid
command line.
`;
