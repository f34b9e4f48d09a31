// A client of the engine in plain Node.js: hello, one call, one stream, one error. Usage: node client.mjs [SOCKET]
import { connect } from 'node:net';

const socket = connect(process.argv[2] ?? process.env.NETMOD_HOST_SOCKET ?? '/run/netmod/engine.sock');
const waiting = new Map();
let received = Buffer.alloc(0);
let lastId = 0;

// One message: the header Content-Length, an empty line, that many bytes of JSON.
socket.on('data', chunk => {
  received = Buffer.concat([received, chunk]);
  for (;;) {
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/Content-Length: *(\d+)/i.exec(received.toString('ascii', 0, end))[1]);
    if (received.length < end + 4 + length) return;
    const message = JSON.parse(received.toString('utf8', end + 4, end + 4 + length));
    received = received.subarray(end + 4 + length);
    handle(message);
  }
});

function handle(message) {
  if (message.method) {
    // The engine asks a silent client now and then whether it is still there; any answer will do.
    if (message.id !== undefined) send({ jsonrpc: '2.0', id: message.id, error: { code: -32601, message: 'not known' } });
    return;
  }

  const { resolve, reject } = waiting.get(message.id);
  waiting.delete(message.id);
  message.error ? reject(message.error) : resolve(message.result);
}

function send(message) {
  const body = Buffer.from(JSON.stringify(message));
  socket.write(`Content-Length: ${body.length}\r\n\r\n`);
  socket.write(body);
}

function call(method, params) {
  const id = ++lastId;
  send({ jsonrpc: '2.0', id, method, params });
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

// A stream answers with a token and, it may be, the first items; the rest is fetched until it is finished.
async function* stream(method, params) {
  const first = await call(method, params);
  yield* first.values ?? [];
  let finished = first.token === undefined || first.token === null;
  try {
    while (!finished) {
      const page = await call('$/enumerator/next', [first.token]);
      yield* page.values;
      finished = page.finished;
    }
  } finally {
    if (!finished) send({ jsonrpc: '2.0', method: '$/enumerator/abort', params: [first.token] });
  }
}

try {
  const hello = await call('engine.hello', { protocolVersion: '1.0', clientName: 'example', clientVersion: '1.0' });
  console.log(`engine ${hello.engineVersion}, protocol ${hello.protocolVersion}; ${hello.user} is ${hello.role}`);

  for (const path of await call('paths.list', {})) {
    console.log(`${path.pathId}: ${path.state}, ${path.stateReason}`);
  }

  for await (const measured of stream('paths.measure', { count: 3 })) {
    console.log(`${measured.pathId}: ${measured.received} of ${measured.sent}, median ${measured.medianRoundTripTime}`);
  }

  await call('firewall.removeRules', { names: ['no-such-rule'] });
} catch (error) {
  console.log(`error ${error.code}: ${error.message}`, error.data ?? '');
} finally {
  socket.end();
}
