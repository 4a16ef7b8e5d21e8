// node sign.mjs [SEED [CREATED]] <document: signs a JSON document with
// @digitalbazaar/data-integrity and prints it with its proof as an array, beside
// proofs that it had. SEED: the 32 bytes of the secret key in hex (default: a new
// key). CREATED: RFC 3339 (default: now). The did:key goes to standard error.
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as eddsaJcs2022 from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {documentLoader, purpose, readStdin} from './suite.mjs';

const [seed, created] = process.argv.slice(2);
const keyPair = await Ed25519Multikey.generate(
  seed ? {seed: new Uint8Array(Buffer.from(seed, 'hex'))} : {});
keyPair.controller = `did:key:${keyPair.publicKeyMultibase}`;
keyPair.id = `${keyPair.controller}#${keyPair.publicKeyMultibase}`;

const suite = new DataIntegrityProof({
  signer: keyPair.signer(), date: created,
  cryptosuite: eddsaJcs2022.createSignCryptosuite()
});
// jsigs.sign() would first write a JSON-LD @context into a document that has
// none. JCS needs no context, so the suite is asked for the proof directly.
const {proof: before = [], ...document} = JSON.parse(await readStdin());
const proof = await suite.createProof(
  {document, purpose, proofSet: [], documentLoader});
console.log(JSON.stringify({...document, proof: [before, proof].flat()},
  null, 2));
console.error(keyPair.controller);
