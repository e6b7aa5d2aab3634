// Package shard is how a sparse matrix lies in the files of a folder: blocks of its rows, blocks of its columns, and a
// manifest. The format is told in the documentation of package nmf/sparse, whose Shards it is for.
//
// It imports the standard library only. To read it, begin with manifest.go; read.go and write.go are one block.
package shard
