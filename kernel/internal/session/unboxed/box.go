package unboxed

import (
	"go/types"
	"reflect"
	"unsafe"
)

// unbox returns the register form of a number or boolean.
func unbox(v reflect.Value) uint64 {
	switch {
	case v.CanInt():
		return uint64(v.Int())
	case v.CanUint():
		return v.Uint()
	case v.Kind() == reflect.Float32:
		return b32(float32(v.Float()))
	case v.CanFloat():
		return b64(v.Float())
	case v.Bool():
		return 1
	}
	return 0
}

// unboxSlice returns the header of a slice; x may be nil.
func unboxSlice(x any) header {
	v := reflect.ValueOf(x)
	if !v.IsValid() {
		return header{}
	}
	return header{v.UnsafePointer(), v.Len(), v.Cap()}
}

// box is the reverse of unbox for a predeclared type.
func box(k types.BasicKind, x uint64) any {
	switch k {
	case types.Bool:
		return x != 0
	case types.Int:
		return int(x)
	case types.Int8:
		return int8(x)
	case types.Int16:
		return int16(x)
	case types.Int32:
		return int32(x)
	case types.Int64:
		return int64(x)
	case types.Uint:
		return uint(x)
	case types.Uint8:
		return uint8(x)
	case types.Uint16:
		return uint16(x)
	case types.Uint32:
		return uint32(x)
	case types.Uintptr:
		return uintptr(x)
	case types.Float32:
		return f32(x)
	case types.Float64:
		return f64(x)
	}
	return x
}

// load returns the register form of a number in memory.
func load(k types.BasicKind) func(p unsafe.Pointer) uint64 {
	switch k {
	case types.Bool, types.Uint8:
		return func(p unsafe.Pointer) uint64 { return uint64(*(*uint8)(p)) }
	case types.Int8:
		return func(p unsafe.Pointer) uint64 { return uint64(*(*int8)(p)) }
	case types.Int16:
		return func(p unsafe.Pointer) uint64 { return uint64(*(*int16)(p)) }
	case types.Uint16:
		return func(p unsafe.Pointer) uint64 { return uint64(*(*uint16)(p)) }
	case types.Int32:
		return func(p unsafe.Pointer) uint64 { return uint64(*(*int32)(p)) }
	case types.Uint32, types.Float32:
		return func(p unsafe.Pointer) uint64 { return uint64(*(*uint32)(p)) }
	case types.Int:
		return func(p unsafe.Pointer) uint64 { return uint64(*(*int)(p)) }
	case types.Uint, types.Uintptr:
		return func(p unsafe.Pointer) uint64 { return uint64(*(*uint)(p)) }
	}
	return func(p unsafe.Pointer) uint64 { return *(*uint64)(p) }
}

// store puts a number into memory.
func store(k types.BasicKind) func(p unsafe.Pointer, x uint64) {
	switch size(k) {
	case 1:
		return func(p unsafe.Pointer, x uint64) { *(*uint8)(p) = uint8(x) }
	case 2:
		return func(p unsafe.Pointer, x uint64) { *(*uint16)(p) = uint16(x) }
	case 4:
		return func(p unsafe.Pointer, x uint64) { *(*uint32)(p) = uint32(x) }
	}
	return func(p unsafe.Pointer, x uint64) { *(*uint64)(p) = x }
}

// size returns the bytes that a number takes in memory.
func size(k types.BasicKind) uintptr {
	switch k {
	case types.Bool, types.Int8, types.Uint8:
		return 1
	case types.Int16, types.Uint16:
		return 2
	case types.Int32, types.Uint32, types.Float32:
		return 4
	case types.Int, types.Uint, types.Uintptr:
		return unsafe.Sizeof(uint(0))
	}
	return 8
}
