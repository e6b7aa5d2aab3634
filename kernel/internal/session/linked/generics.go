package linked

import (
	"crypto/hkdf"
	"crypto/pbkdf2"
	"hash"
	"hash/maphash"
	"reflect"
	"sync"

	"gonmf/kernel/internal/session/source"

	"github.com/goplus/ixgo"
)

// Generic functions cannot be compiled in without their type arguments. These are those
// that ixgo's table of the standard library leaves out, as source, and what that calls.

const instancesPath = source.HooksPath + "/instances"

var registerGenerics = sync.OnceFunc(func() {
	ixgo.RegisterPackage(&ixgo.Package{
		Name: "instances", Path: instancesPath,
		Deps: map[string]string{"hash": "hash", "hash/maphash": "maphash"},
		Funcs: map[string]reflect.Value{
			"Expand":          reflect.ValueOf(hkdf.Expand[hash.Hash]),
			"Extract":         reflect.ValueOf(hkdf.Extract[hash.Hash]),
			"Key":             reflect.ValueOf(hkdf.Key[hash.Hash]),
			"Password":        reflect.ValueOf(pbkdf2.Key[hash.Hash]),
			"Comparable":      reflect.ValueOf(maphash.Comparable[any]),
			"WriteComparable": reflect.ValueOf(maphash.WriteComparable[any]),
		},
	})
	const instances = "import \"" + instancesPath + "\"\n"
	for path, src := range map[string]string{
		"errors": `package errors
import "errors"
func AsType[E error](err error) (E, bool) {
	var e E
	ok := errors.As(err, &e)
	return e, ok
}`,
		"reflect": `package reflect
import "reflect"
func TypeAssert[T any](v reflect.Value) (T, bool) {
	t, ok := v.Interface().(T)
	return t, ok
}`,
		"crypto/hkdf": `package hkdf
import "hash"
` + instances + `
func Expand[H hash.Hash](h func() H, pseudorandomKey []byte, info string, keyLength int) ([]byte, error) {
	return instances.Expand(func() hash.Hash { return h() }, pseudorandomKey, info, keyLength)
}
func Extract[H hash.Hash](h func() H, secret, salt []byte) ([]byte, error) {
	return instances.Extract(func() hash.Hash { return h() }, secret, salt)
}
func Key[H hash.Hash](h func() H, secret, salt []byte, info string, keyLength int) ([]byte, error) {
	return instances.Key(func() hash.Hash { return h() }, secret, salt, info, keyLength)
}`,
		"crypto/pbkdf2": `package pbkdf2
import "hash"
` + instances + `
func Key[H hash.Hash](h func() H, password string, salt []byte, iter, keyLength int) ([]byte, error) {
	return instances.Password(func() hash.Hash { return h() }, password, salt, iter, keyLength)
}`,
		"hash/maphash": `package maphash
import "hash/maphash"
` + instances + `
func Comparable[T comparable](seed maphash.Seed, v T) uint64 { return instances.Comparable(seed, v) }
func WriteComparable[T comparable](h *maphash.Hash, x T) { instances.WriteComparable(h, x) }`,
	} {
		ixgo.RegisterPatch(path, src)
	}
})
