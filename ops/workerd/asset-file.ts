// Pure: no I/O, no clock, no randomness.
// A file of the web app, as the build lists it for the asset worker.

export type AssetFile = {
  /** From its content, quoted. */
  etag: string
  type: string
  /** The precompressed forms beside it, best first. */
  encodings: ('br' | 'gzip')[]
}
