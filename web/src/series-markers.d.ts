// The same package, asked for by another name: what is imported from it is a module of its own.
declare module 'lightweight-charts?apart' {
  export { createSeriesMarkers } from 'lightweight-charts'
}
