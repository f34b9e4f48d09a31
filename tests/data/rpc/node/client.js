'use strict';

// Talks to the server of the test over a Unix socket and prints one line of JSON with what it saw.
// argv: the folder that holds node_modules, the path of the socket.
const path = require('path');
const net = require('net');
const rpc = require(path.join(process.argv[2], 'node_modules', 'vscode-jsonrpc', 'node.js'));

async function failureOf(promise) {
  try {
    await promise;
    return null;
  } catch (error) {
    return { code: error.code, message: error.message, data: error.data === undefined ? null : error.data };
  }
}

async function main() {
  const socket = net.createConnection(process.argv[3]);
  const connection = rpc.createMessageConnection(new rpc.SocketMessageReader(socket), new rpc.SocketMessageWriter(socket));
  const seen = {};
  const heard = new Promise(resolve => connection.onNotification('heard', text => resolve(text)));
  connection.onRequest('reverse', text => text.split('').reverse().join(''));
  connection.onRequest('refuse', () => new rpc.ResponseError(4711, 'refused', { why: 'x' }));
  connection.listen();

  seen.positional = await connection.sendRequest(new rpc.RequestType2('add'), 2, 3);
  seen.named = await connection.sendRequest('pair', { a: 4, b: 5 });
  seen.none = await connection.sendRequest('ping');
  seen.text = await connection.sendRequest('echo', rpc.ParameterStructures.byPosition, 'gr\u00fc\u00dfe \u20ac \u{1f600}');
  seen.nothing = await connection.sendRequest('nothing');
  seen.many = await Promise.all(Array.from({ length: 200 }, (_, i) => connection.sendRequest('pair', { a: i, b: 1 })));

  seen.unknown = await failureOf(connection.sendRequest('none'));
  seen.invalid = await failureOf(connection.sendRequest('pair', { a: 'x', b: 5 }));
  seen.failed = await failureOf(connection.sendRequest('fail'));
  seen.custom = await failureOf(connection.sendRequest('failWithData'));

  connection.sendNotification('say', rpc.ParameterStructures.byPosition, 'hello');
  seen.heard = await heard;
  seen.calledBack = await connection.sendRequest('callBack', rpc.ParameterStructures.byPosition, 'abc');

  seen.reports = [];
  const type = new rpc.ProgressType();
  const subscription = connection.onProgress(type, 'my-token', value => seen.reports.push(value));
  seen.progress = await connection.sendRequest('work', { a: 3, b: 4, progress: 'my-token' });
  subscription.dispose();

  const cancel = new rpc.CancellationTokenSource();
  const running = new Promise(resolve => connection.onNotification('running', resolve));
  const long = failureOf(connection.sendRequest('long', cancel.token));
  await running;
  cancel.cancel();
  seen.cancelled = await long;

  const opened = await connection.sendRequest('count', { a: 1, b: 2500 });
  seen.items = 0;
  for (let page = { finished: false }; !page.finished;) {
    page = await connection.sendRequest('$/enumerator/next', rpc.ParameterStructures.byPosition, opened.token);
    seen.items += page.values.length;
  }

  process.stdout.write(JSON.stringify(seen) + '\n');
  connection.end();
  connection.dispose();
}

main().catch(error => {
  process.stderr.write(String(error && error.stack) + '\n');
  process.exit(1);
});
