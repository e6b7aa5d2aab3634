package selection

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/nprand"
	"gonmf/nmf/sparse"
)

// fewEntries is how large a dense X may be for HoldOutAuto to hide entries.
const fewEntries = 100_000

// newFolds returns the way to hide parts of X that opt asks for.
func newFolds(x mat.Matrix, cfg *nmf.Config, opt ChooseKOptions) (folds, error) {
	if s, ok := x.(*sparse.Shards); ok { // parts of it are made
		csr, err := s.CSR()
		if err != nil {
			return nil, fmt.Errorf("selection: X: %w", err)
		}
		x = csr
	}
	data, err := nmf.NewData(x, *cfg)
	if err != nil {
		return nil, err
	}
	read := data.Matrix()
	csr, isSparse := read.(*sparse.CSR)
	how := opt.HoldOut
	if how == HoldOutAuto {
		how = HoldOutEntries
		if rows, cols := read.Dims(); cfg.Mask == nil && (isSparse || rows*cols > fewEntries) {
			how = HoldOutBlocks
		}
	}
	rng := nprand.New(opt.Seed)
	switch {
	case how == HoldOutBlocks && cfg.Mask != nil:
		return nil, &nmf.ConfigError{Field: "Mask", Reason: "leaves out entries, which HoldOutBlocks cannot: use HoldOutEntries"}
	case how == HoldOutBlocks:
		return newBlockFolds(read, opt.Folds, rng)
	case how == HoldOutEntries && isSparse && cfg.Mask == nil:
		if cfg.Loss != nmf.Frobenius && cfg.Loss != nmf.KullbackLeibler {
			return nil, &nmf.ConfigError{Field: "Loss", Reason: fmt.Sprintf("is %v, for which single entries of a sparse X cannot be hidden: use HoldOutBlocks", cfg.Loss)}
		}
		return newSparseFolds(csr, opt.Folds, rng)
	case how == HoldOutEntries:
		return newEntryFolds(x, read, opt.Folds, rng)
	default:
		return nil, kind.Errorf(nmf.ErrConfig, "selection: ChooseKOptions.HoldOut is %d: want HoldOutAuto, HoldOutEntries or HoldOutBlocks", how)
	}
}
