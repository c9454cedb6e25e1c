// The package `workerd` ships no types. It is CommonJS: what Node imports is its `exports` object,
// whose `default` is the path of the binary.

declare module 'workerd' {
  const workerd: { default: string }
  export default workerd
}
