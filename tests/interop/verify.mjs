// node verify.mjs FILE...: verifies each document, a record as it lies in a
// trust's repository, with @digitalbazaar/data-integrity. Every proof in it must
// verify (the library itself is content with one). Exit status 1 if any fails.
import {readFile} from 'node:fs/promises';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as eddsaJcs2022 from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import jsigs from 'jsonld-signatures';
import {documentLoader, purpose} from './suite.mjs';

// A new suite for each proof: one that verifies must not help another.
async function verify(document) {
  const proofs = [document.proof].flat().filter(proof => proof);
  if(proofs.length === 0) {
    throw new Error('it has no proof');
  }
  for(const proof of proofs) {
    const suite = new DataIntegrityProof({
      cryptosuite: eddsaJcs2022.createVerifyCryptosuite()
    });
    const result = await jsigs.verify(
      {...document, proof}, {suite, purpose, documentLoader});
    if(!result.verified) {
      const {error} = result;
      throw new Error((error?.errors ?? [error])
        .map(e => e?.message ?? String(e)).join('; '));
    }
  }
  return proofs.map(proof => proof.verificationMethod.split('#')[0]);
}

const files = process.argv.slice(2);
if(files.length === 0) {
  console.error('usage: node verify.mjs FILE...');
  process.exitCode = 2;
}
for(const file of files) {
  try {
    const signers = await verify(JSON.parse(await readFile(file, 'utf8')));
    console.log(`${file}: verified, signed by ${signers.join(' and ')}`);
  } catch(error) {
    console.log(`${file}: NOT verified: ${error.message}`);
    process.exitCode = 1;
  }
}
