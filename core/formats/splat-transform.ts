// The parts of splat-transform that are used, so that bundlers leave the rest (a whole engine) out.
export {
  Column,
  convertToSpace,
  DataTable,
  MemoryFileSystem,
  MemoryReadFileSystem,
  readKsplat,
  readPly,
  readSog,
  sortMortonOrder,
  Transform,
  WebPCodec,
  WorkerQueue,
  writeCompressedPly,
  writeSog,
} from '@playcanvas/splat-transform';
