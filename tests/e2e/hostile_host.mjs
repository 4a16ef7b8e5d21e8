// A web server that is everything but a git host, for the story hostile:
// hostile_host.mjs FILE writes its port into FILE. Each first part of a path is
// another way to misbehave. hostile_host.mjs id NAME prints a trust id that
// nobody has.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { deflateSync } from 'node:zlib';

// base58btc of the sha2-256 multihash of a name
function trustId(name) {
	const letters =
		'123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
	const digest = createHash('sha256').update(name).digest('hex');
	let n = BigInt(`0x1220${digest}`), out = '';
	for (; n; n /= 58n)
		out = letters[Number(n % 58n)] + out;
	return `z${out}`;
}

if (process.argv[2] === 'id') {
	console.log(trustId(process.argv[3]));
	process.exit();
}

const head = 'a'.repeat(40);
const packet = (bytes) => {
	const data = Buffer.from(bytes);
	const size = (data.length + 4).toString(16).padStart(4, '0');
	return Buffer.concat([Buffer.from(size), data]);
};
const flush = Buffer.from('0000');
const service = packet('# service=git-upload-pack\n');

function refs(count) {
	const lines = [service, flush,
		packet(`${head} refs/heads/main\0side-band-64k ofs-delta\n`)];
	for (let i = 0; i < count; i++)
		lines.push(packet(`${head} refs/heads/b${i}\n`));
	return Buffer.concat([...lines, flush]);
}

// An object of a pack: its type and size, then its bytes.
function object(type, size, body) {
	const out = [];
	let byte = (type << 4) | (size % 16);
	for (size = Math.floor(size / 16); size; size = Math.floor(size / 128)) {
		out.push(byte | 0x80);
		byte = size % 128;
	}
	return Buffer.concat([Buffer.from([...out, byte]), body]);
}

function pack(count, objects) {
	const start = Buffer.alloc(12);
	start.write('PACK');
	start.writeUInt32BE(2, 4);
	start.writeUInt32BE(count, 8);
	const body = Buffer.concat([start, ...objects]);
	return Buffer.concat([body,
		createHash('sha1').update(body).digest()]);
}

function* chunks(bytes) {
	for (let i = 0; i < bytes.length; i += 60000)
		yield packet(Buffer.concat([Buffer.from([1]),
			bytes.subarray(i, i + 60000)]));
}

const blob = Buffer.from('hello\n');
const packs = {
	// says five, sends one
	count: () => pack(5, [object(3, blob.length, deflateSync(blob))]),
	// a thousand times as large as it looks
	bomb: () => pack(1, [object(3, 1 << 28,
		deflateSync(Buffer.alloc(1 << 28), { level: 9 }))]),
	// a sound pack that has nothing of what it was asked for
	other: () => pack(1, [object(3, blob.length, deflateSync(blob))]),
};

// The same megabyte that cannot be made smaller, for ever.
function endless(res) {
	const mebi = Buffer.alloc(1 << 20);
	for (let i = 0, x = 1; i < mebi.length; i++) {
		x = (x * 1103515245 + 12345) % 2147483648;
		mebi[i] = x >> 16;
	}
	const one = object(3, mebi.length, deflateSync(mebi, { level: 0 }));
	const start = pack(1000000, []).subarray(0, 12);
	res.write(Buffer.concat([...chunks(start)]));
	const more = () => {
		while (!res.destroyed && res.write(Buffer.concat([...chunks(one)])))
			;
	};
	res.on('drain', more);
	more();
}

function answer(res, way) {
	res.setHeader('Content-Type', 'application/x-git-upload-pack-result');
	res.write('0008NAK\n');
	if (way === 'endless')
		return endless(res);
	if (packs[way])
		res.write(Buffer.concat([...chunks(packs[way]())]));
	return res.end(flush);
}

const server = createServer((req, res) => {
	const way = req.url.split('/')[1];
	res.on('error', () => {});
	if (way === 'redirect') {
		res.writeHead(301, { Location: 'http://192.0.2.1' + req.url });
		return res.end();
	}
	if (way === 'garbage') {
		res.setHeader('Content-Type',
			'application/x-git-upload-pack-advertisement');
		return res.end(Buffer.alloc(100000, 0xfe));
	}
	if (req.method === 'POST') {
		req.resume();
		return req.on('end', () => answer(res, way));
	}
	res.setHeader('Content-Type',
		'application/x-git-upload-pack-advertisement');
	return res.end(refs(way === 'refs' ? 1000000 : 0));
});

server.listen(0, '127.0.0.1', () =>
	writeFileSync(process.argv[2], `${server.address().port}\n`));
