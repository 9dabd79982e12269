;; Blends one tile's splats over its 16 × 16 pixels, front to back, four pixels at a time. The definition is
;; composite.ts, which also runs where there is no WebAssembly SIMD; test/core/render-wasm.test.ts holds the two
;; together. `npm run wat` writes composite-wasm.ts from this file.
;;
;; Memory: the tile's state at 0, seven planes of 256 f32 (1024 bytes) each, rows from the top: transmittance,
;; red, green, blue, Σ w·z, Σ w of marked splats, median depth (tiles.ts). Records (64 bytes each, fields as in
;; records.ts) and entries (u32 record numbers) where the caller put them. Pixels outside the region have
;; transmittance 0: they are full from the start.
;;
;; A splat is gone through by columns of four pixels, each from the top row of its box to the last: few loops, long
;; ones. Of the 14 million groups blended in a picture of 300,000 splats (1280 × 720), 88 % of the pixels take light.
;; Processor time there, 2 busy cores: composite.ts 1,070 ms, this 230 ms; by rows, counting the open pixels at every
;; blend and the exponential to 1e-7 290 ms.
(module
  (memory (export "memory") 1)

  ;; Pixels that still let light through.
  (func $openPixels (result i32)
    (local $p i32) (local $open i32)
    (loop $next
      (local.set $open (i32.add (local.get $open) (i32.popcnt (i32x4.bitmask
        (f32x4.ge (v128.load (local.get $p)) (v128.const f32x4 1e-4 1e-4 1e-4 1e-4))))))
      (br_if $next (i32.lt_u
        (local.tee $p (i32.add (local.get $p) (i32.const 16)))
        (i32.const 1024))))
    (local.get $open))

  ;; $entry, $end: addresses of the tile's entries. $records: address of record 0. $x0, $y0: the tile's corner,
  ;; pixels. The result: pixels that still let light through.
  (func (export "compositeTile")
    (param $entry i32) (param $end i32) (param $records i32)
    (param $x0 f32) (param $y0 f32) (result i32)
    (local $record i32) (local $y i32) (local $yb i32) (local $firstP i32) (local $lastP i32) (local $p i32)
    (local $height i32) (local $colEnd i32) (local $marked i32)
    (local $u f32) (local $v f32) (local $l21 f32) (local $l22 f32) (local $cutoff f32) (local $reach f32)
    (local $dx v128) (local $dy v128) (local $firstDy v128) (local $l11 v128) (local $l21s v128) (local $l22s v128)
    (local $limit v128) (local $opacity v128) (local $red v128) (local $green v128) (local $blue v128)
    (local $rho v128) (local $rhoDx v128) (local $rhoDy v128) (local $rhoMin v128) (local $rhoMax v128)
    (local $weightMarked v128) (local $across v128) (local $rhoColumn v128)
    (local $through v128) (local $a v128) (local $b v128) (local $distance2 v128) (local $t v128) (local $r v128) (local $f v128)
    (local $alpha v128) (local $counts v128) (local $weight v128) (local $left v128) (local $depth v128)
    (local $above v128)
    (block $done
      (loop $nextEntry
        (br_if $done (i32.ge_u (local.get $entry) (local.get $end)))
        ;; Every 16 entries: is the tile full?
        (if (i32.eqz (i32.and (local.get $entry) (i32.const 63))) (then
          (br_if $done (i32.eqz (call $openPixels)))))
        (local.set $record
          (i32.add (local.get $records) (i32.shl (i32.load (local.get $entry)) (i32.const 6))))
        (local.set $entry (i32.add (local.get $entry) (i32.const 4)))
        ;; Centre from the tile's corner.
        (local.set $u (f32.sub (f32.load offset=0 (local.get $record)) (local.get $x0)))
        (local.set $v (f32.sub (f32.load offset=4 (local.get $record)) (local.get $y0)))
        (local.set $l22 (f32.load offset=16 (local.get $record)))
        (local.set $cutoff (f32.load offset=60 (local.get $record)))
        (local.set $limit (f32x4.splat (local.get $cutoff)))

        ;; Rows of the ellipse's box, a little too wide: what counts is decided a pixel.
        (local.set $reach (f32.div
          (f32.sqrt (f32.add (local.get $cutoff) (f32.const 0.01)))
          (local.get $l22)))
        (local.set $y (i32.trunc_sat_f32_s
          (f32.ceil (f32.max (f32.const 0)
            (f32.sub (f32.sub (local.get $v) (local.get $reach)) (f32.const 0.5))))))
        (local.set $yb (i32.trunc_sat_f32_s
          (f32.floor (f32.min (f32.const 15)
            (f32.sub (f32.add (local.get $v) (local.get $reach)) (f32.const 0.5))))))
        (br_if $nextEntry (i32.gt_s (local.get $y) (local.get $yb)))

        ;; Its columns, in groups of four: half the width is √(cutoff · Σxx), Σxx = (l21² + l22²) / (l11 l22)².
        (local.set $l21 (f32.load offset=12 (local.get $record)))
        (local.set $reach (f32.div
          (f32.mul (local.get $reach)
            (f32.sqrt (f32.add (f32.mul (local.get $l21) (local.get $l21)) (f32.mul (local.get $l22) (local.get $l22)))))
          (f32.load offset=8 (local.get $record))))
        (local.set $firstP (i32.and
          (i32.trunc_sat_f32_s (f32.max (f32.const 0)
            (f32.sub (f32.sub (local.get $u) (local.get $reach)) (f32.const 0.5))))
          (i32.const -4)))
        (local.set $lastP (i32.and (i32.const -4)
          (i32.trunc_sat_f32_s (f32.floor (f32.min (f32.const 15)
            (f32.sub (f32.add (local.get $u) (local.get $reach)) (f32.const 0.5)))))))
        (br_if $nextEntry (i32.gt_s (local.get $firstP) (local.get $lastP)))
        (local.set $dx (f32x4.sub
          (f32x4.add (f32x4.splat (f32.convert_i32_s (local.get $firstP))) (v128.const f32x4 0.5 1.5 2.5 3.5))
          (f32x4.splat (local.get $u))))
        (local.set $firstDy (f32x4.splat (f32.sub
          (f32.add (f32.convert_i32_s (local.get $y)) (f32.const 0.5))
          (local.get $v))))

        (local.set $l11 (v128.load32_splat offset=8 (local.get $record)))
        (local.set $opacity (v128.load32_splat offset=20 (local.get $record)))
        (local.set $red (v128.load32_splat offset=24 (local.get $record)))
        (local.set $green (v128.load32_splat offset=28 (local.get $record)))
        (local.set $blue (v128.load32_splat offset=32 (local.get $record)))
        (local.set $rho (v128.load32_splat offset=36 (local.get $record)))
        (local.set $rhoDx (v128.load32_splat offset=40 (local.get $record)))
        (local.set $rhoDy (v128.load32_splat offset=44 (local.get $record)))
        (local.set $rhoMin (v128.load32_splat offset=48 (local.get $record)))
        (local.set $rhoMax (v128.load32_splat offset=52 (local.get $record)))
        (local.set $weightMarked (v128.load32_splat offset=56 (local.get $record)))
        (local.set $marked (i32.load offset=56 (local.get $record)))
        (local.set $l21s (v128.load32_splat offset=12 (local.get $record)))
        (local.set $l22s (v128.load32_splat offset=16 (local.get $record)))
        ;; Addresses of the first and the last group's first row, and how far below its last row is.
        (local.set $height (i32.shl (i32.sub (local.get $yb) (local.get $y)) (i32.const 6)))
        (local.set $firstP (i32.add (i32.shl (local.get $firstP) (i32.const 2)) (i32.shl (local.get $y) (i32.const 6))))
        (local.set $lastP (i32.add (i32.shl (local.get $lastP) (i32.const 2)) (i32.shl (local.get $y) (i32.const 6))))

        (loop $nextColumn
          (local.set $p (local.get $firstP))
          (local.set $colEnd (i32.add (local.get $p) (local.get $height)))
          (local.set $dy (local.get $firstDy))
          (local.set $across (f32x4.mul (local.get $l11) (local.get $dx)))
          (local.set $rhoColumn (f32x4.add (local.get $rho) (f32x4.mul (local.get $rhoDx) (local.get $dx))))
          (loop $nextGroup
            (block $skip
              (local.set $through (v128.load offset=0 (local.get $p)))
              (local.set $a (f32x4.add (local.get $across) (f32x4.mul (local.get $l21s) (local.get $dy))))
              (local.set $b (f32x4.mul (local.get $l22s) (local.get $dy)))
              (local.set $distance2
                (f32x4.add (f32x4.mul (local.get $a) (local.get $a)) (f32x4.mul (local.get $b) (local.get $b))))
              (local.set $counts (v128.and
                (f32x4.ge (local.get $through) (v128.const f32x4 1e-4 1e-4 1e-4 1e-4))
                (f32x4.le (local.get $distance2) (local.get $limit))))
              (br_if $skip (i32.eqz (v128.any_true (local.get $counts))))

              ;; exp(−d²/2) = 2^t: the nearest whole number goes into the exponent's bits (1.5 · 2²³ brings it
              ;; to the lowest ones), the rest through a polynomial, off by 2.7e-6 at most (least squares over
              ;; Chebyshev's nodes). Beyond the cutoff it may be anything: it does not count.
              (local.set $t (f32x4.mul (local.get $distance2) (v128.const f32x4 -0.72134752 -0.72134752 -0.72134752 -0.72134752)))
              (local.set $r (f32x4.add (local.get $t) (v128.const f32x4 12582912 12582912 12582912 12582912)))
              (local.set $f (f32x4.sub (local.get $t) (f32x4.sub (local.get $r) (v128.const f32x4 12582912 12582912 12582912 12582912))))
              (local.set $alpha (f32x4.mul (local.get $opacity) (i32x4.add
                (i32x4.shl (local.get $r) (i32.const 23))
                (f32x4.add (v128.const f32x4 0.99999919 0.99999919 0.99999919 0.99999919) (f32x4.mul (local.get $f)
                (f32x4.add (v128.const f32x4 0.69312197 0.69312197 0.69312197 0.69312197) (f32x4.mul (local.get $f)
                (f32x4.add (v128.const f32x4 0.24024981 0.24024981 0.24024981 0.24024981) (f32x4.mul (local.get $f)
                (f32x4.add (v128.const f32x4 0.055917039 0.055917039 0.055917039 0.055917039) (f32x4.mul (local.get $f) (v128.const f32x4 0.0095605102 0.0095605102 0.0095605102 0.0095605102))))))))))))
              (local.set $weight (f32x4.mul (local.get $through) (v128.and (local.get $counts)
                (f32x4.pmin (v128.const f32x4 0.99 0.99 0.99 0.99) (local.get $alpha)))))
              (local.set $left (f32x4.sub (local.get $through) (local.get $weight)))
              (local.set $depth (f32x4.div (v128.const f32x4 1 1 1 1)
                (f32x4.pmin (local.get $rhoMax) (f32x4.pmax (local.get $rhoMin)
                  (f32x4.add (local.get $rhoColumn) (f32x4.mul (local.get $rhoDy) (local.get $dy)))))))
              (v128.store offset=0 (local.get $p) (local.get $left))
              (v128.store offset=1024 (local.get $p) (f32x4.add (v128.load offset=1024 (local.get $p))
                (f32x4.mul (local.get $weight) (local.get $red))))
              (v128.store offset=2048 (local.get $p) (f32x4.add (v128.load offset=2048 (local.get $p))
                (f32x4.mul (local.get $weight) (local.get $green))))
              (v128.store offset=3072 (local.get $p) (f32x4.add (v128.load offset=3072 (local.get $p))
                (f32x4.mul (local.get $weight) (local.get $blue))))
              (v128.store offset=4096 (local.get $p) (f32x4.add (v128.load offset=4096 (local.get $p))
                (f32x4.mul (local.get $weight) (local.get $depth))))
              (if (local.get $marked) (then
                (v128.store offset=5120 (local.get $p) (f32x4.add (v128.load offset=5120 (local.get $p))
                  (f32x4.mul (local.get $weight) (local.get $weightMarked))))))
              ;; The last depth that is kept here is the one that takes the transmittance below a half.
              (local.set $above (f32x4.gt (local.get $through) (v128.const f32x4 0.5 0.5 0.5 0.5)))
              (if (v128.any_true (local.get $above)) (then
                (v128.store offset=6144 (local.get $p) (v128.bitselect
                  (local.get $depth) (v128.load offset=6144 (local.get $p))
                  (v128.and (local.get $above) (local.get $counts))))))
            )
            (local.set $dy (f32x4.add (local.get $dy) (v128.const f32x4 1 1 1 1)))
            (br_if $nextGroup (i32.le_u
              (local.tee $p (i32.add (local.get $p) (i32.const 64)))
              (local.get $colEnd))))
          (local.set $dx (f32x4.add (local.get $dx) (v128.const f32x4 4 4 4 4)))
          (br_if $nextColumn (i32.le_u
            (local.tee $firstP (i32.add (local.get $firstP) (i32.const 16)))
            (local.get $lastP))))
        (br $nextEntry)))
    (call $openPixels))
)
