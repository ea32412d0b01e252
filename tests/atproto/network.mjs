// A whole AT-protocol network on loopback: directory, repositories (PDS), open interface (AppView).
// Tells where it is; then answers each line {"did": …} with the records of that account's signed
// repository, its signature verified. Ends when its input does.
import { createInterface } from 'node:readline'
import { TestNetwork } from '@atproto/dev-env'
import { verifyRecords } from '@atproto/repo'

const say = (told) => process.stdout.write(JSON.stringify(told) + '\n')
const network = await TestNetwork.create({ dbPostgresSchema: 'insyn' })
say({ pds: network.pds.url, appview: network.bsky.url })
for await (const line of createInterface({ input: process.stdin })) {
  const { did } = JSON.parse(line)
  const key = await network.pds.ctx.idResolver.did.resolveAtprotoKey(did)
  const answer = await fetch(`${network.pds.url}/xrpc/com.atproto.sync.getRepo?did=${did}`)
  const records = await verifyRecords(new Uint8Array(await answer.arrayBuffer()), did, key)
  say(records.map(({ collection, rkey, record }) => ({ collection, rkey, record })))
}
process.exit(0)
