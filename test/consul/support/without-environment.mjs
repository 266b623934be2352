// The specs say where Consul is. A developer's own settings must not lead elsewhere.
for (const name of Object.keys(process.env)) {
  if (name.startsWith('CONSUL_') && name !== 'CONSUL_BIN') delete process.env[name];
}
