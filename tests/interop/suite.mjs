// What both scripts need: where the library looks up a did:key, and under which
// purpose. A did:key says all of it by itself, so nothing is ever fetched.
import jsigs from 'jsonld-signatures';

const DID_V1 = 'https://www.w3.org/ns/did/v1';
const MULTIKEY_V1 = 'https://w3id.org/security/multikey/v1';

// The library asks for the verification method (did:key:X#X) and then for its
// controller (did:key:X), in which the method must be listed for assertions.
export async function documentLoader(url) {
  const match = /^did:key:(z6Mk[1-9A-HJ-NP-Za-km-z]{44})(#\1)?$/.exec(url);
  if(!match) {
    throw new Error(`"${url}" is no did:key of an Ed25519 key`);
  }
  const [, key, fragment] = match;
  const id = `did:key:${key}#${key}`;
  const method = {
    id, type: 'Multikey', controller: `did:key:${key}`, publicKeyMultibase: key
  };
  const document = fragment ?
    {'@context': MULTIKEY_V1, ...method} :
    {
      '@context': [DID_V1, MULTIKEY_V1], id: `did:key:${key}`,
      verificationMethod: [method], assertionMethod: [id]
    };
  return {contextUrl: null, documentUrl: url, document};
}

export const purpose = new jsigs.purposes.AssertionProofPurpose();

export async function readStdin() {
  const chunks = [];
  for await (const chunk of process.stdin) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
