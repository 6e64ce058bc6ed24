// A host that is CommonJS itself: it reads the manifest without running anything, then imports the module it names.
const { readFileSync } = require('node:fs');

async function main() {
  const { connector } = require('segment-config-connector/package.json');
  const manifest = JSON.parse(
    readFileSync(require.resolve(`segment-config-connector/${connector.manifests[0].slice(2)}`), 'utf8'),
  );

  require('reflect-metadata');
  const { Container } = await import('inversify');
  const { ServiceIdentifier } = await import('connector-contract');
  const plugin = await import('segment-config-connector');

  const container = new Container();
  container.load(plugin[manifest.entry.export]);
  const segment = container.get(ServiceIdentifier.connector);
  const good = segment.validate({ apiToken: 'sgp_example', workspaceName: 'Acme' });
  const bad = segment.validate({ apiToken: 'Bearer sgp_example', workspaceName: 'Acme' });
  process.stdout.write(
    JSON.stringify({ id: manifest.id, good: good.valid, bad: bad.issues.map((issue) => issue.field) }),
  );
}

main();
