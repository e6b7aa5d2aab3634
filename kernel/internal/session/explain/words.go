package explain

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/source"
)

// Names that other languages have, and what does the same here. $1 stands for the first argument, and $x for what a
// member is selected from.

// otherWords are what other languages call what Go predeclares.
var otherWords = map[string]string{
	"None": "nil", "null": "nil", "NULL": "nil", "True": "true", "TRUE": "true", "False": "false", "FALSE": "false",
	"self": "the name of the receiver", "this": "the name of the receiver", "NA": "math.NaN()", "NaN": "math.NaN()",
	"nan": "math.NaN()", "Inf": "math.Inf(1)",
	"end": "}", "begin": "{", "pass": "{}, an empty block", "object": "any", "elif": "else if", "and": "&&",
	"or": "||", "not": "!", "undefined": "nil",
}

// calls are functions that other languages predeclare.
var calls = map[string]string{
	"str": "fmt.Sprint($1)", "repr": `fmt.Sprintf("%#v", $1)`,
	"float": "float64($1), or strconv.ParseFloat($1, 64) of a text", "double": "float64($1)",
	"list": "slices.Collect($1) of an iterator", "dict": `map[string]float64{"a": 1}`,
	"set": "map[string]bool{}, where m[x] = true", "tuple": "[]float64{1, 2}",
	"enumerate": "for i, x := range $1 { ... }", "zip": "for i := range $1 { ... $1[i] ... }",
	"reversed": "slices.Backward($1)", "filter": "for _, x := range xs { if x > 3 { list = append(list, x) } }",
	"sum": "floats.Sum($1) of a []float64, mat.Sum($1) of a matrix", "prod": "floats.Prod($1)",
	"cumsum": "floats.CumSum(to, $1)", "abs": "math.Abs($1)", "round": "math.Round($1)", "sqrt": "math.Sqrt($1)",
	"exp": "math.Exp($1)", "floor": "math.Floor($1)",
	"pow": "math.Pow(x, y)", "sorted": "slices.Sorted(slices.Values($1))", "sort": "slices.Sort($1)",
	"unique": "frames.Unique of a table, slices.Compact of a sorted slice", "any": "slices.Contains($1, true)",
	"all":  "!slices.Contains($1, false)",
	"mean": "stat.Mean($1, nil)", "median": "stat.Quantile(0.5, stat.Empirical, $1, nil) of a sorted slice",
	"std": "stat.StdDev($1, nil)", "sd": "stat.StdDev($1, nil)", "var": "stat.Variance($1, nil)",
	"quantile": "stat.Quantile(0.9, stat.Empirical, $1, nil) of a sorted slice",
	"input":    "fmt.Scanln(&line), after var line string", "open": "os.Open($1), or files.Read(ctx, $1) for a table",
	"isinstance": "a type switch: switch v := x.(type) { ... }", "exit": "os.Exit(0)", "quit": "os.Exit(0)",
	"dir": "x.<Tab>, or NAME??", "help": "NAME?", "id": "fmt.Printf(\"%p\", $1)",
	"hash": "maphash.String(seed, $1)",
	"c":    "[]float64{$*}", "seq": "for i := range 10 { ... }", "rep": "slices.Repeat([]float64{$1}, 3)",
	"paste": "fmt.Sprint($*)", "paste0": "fmt.Sprint($*)", "nchar": "utf8.RuneCountInString($1)",
	"length": "len($1)", "size": "len($1), and x.Dims() of a matrix",
	"library": "import \"path\", and packages are imported as they are used",
	"require": "import \"path\", and packages are imported as they are used", "source": "%load $1",
	"head": "frames.Head($1, 5)", "tail": "frames.Tail($1, 5)", "nrow": "$1.Nrow()", "ncol": "$1.Ncol()",
	"colnames": "$1.Names()", "names": "$1.Names()", "dim": "$1.Dims()", "summary": "frames.Describe($1)",
	"describe": "frames.Describe($1)",
	"table":    `frames.Count($1, "item_id")`, "merge": `frames.Join($1, "item_id")`,
	"subset": `frames.Where($1, "weight > 3")`, "aggregate": `frames.GroupBy($1, "item_id").Agg("sum(weight)")`,
	"read_csv": "files.Read(ctx, $1)", "readRDS": "files.Read(ctx, $1)",
	"plot": "chart.Lines($1, chart.Options{})", "hist": "chart.Histogram($1, chart.Options{})",
	"barplot": "chart.Bars($1, chart.Options{})", "boxplot": "chart.Box($1, chart.Options{})",
	"NMF": "nmf.Fit(ctx, x, nmf.Config{Components: 3})", "nmf": "nmf.Fit(ctx, x, nmf.Config{Components: 3})",
	"matrix": "mat.NewDense(rows, columns, numbers)", "zeros": "mat.NewDense(rows, columns, nil)", "t": "$1.T()",
	"ifelse":    "if x > 3 { y = 1 } else { y = 2 }",
	"DataFrame": "dataframe.New(series.New(values, series.Float, \"weight\"))",
	"sapply":    "for i, x := range $1 { ys[i] = f(x) }", "lapply": "for i, x := range $1 { ys[i] = f(x) }",
	"printf": "fmt.Printf($*)", "cat": "fmt.Print($*)", "display": "display.Show($1)",
}

// members are what other languages' values have, by the type here: of a slice, map or text by its kind.
var otherMembers = map[string]map[string]string{
	"dataframe.DataFrame": {
		"head": "frames.Head($x, 5)", "tail": "frames.Tail($x, 5)", "sample": "frames.Sample($x, 5, 1)",
		"shape": "$x.Dims() for rows and columns", "size": "$x.Dims() for rows and columns", "len": "$x.Nrow()",
		"columns": "$x.Names()",
		"dtypes":  "$x.Types()", "info": "$x?", "describe": "frames.Describe($x)",
		"groupby":     `frames.GroupBy($x, "item_id").Agg("sum(weight)")`,
		"group_by":    `frames.GroupBy($x, "item_id").Agg("sum(weight)")`,
		"sort_values": `frames.Sort($x, "-weight")`, "sort": `frames.Sort($x, "-weight")`,
		"arrange": `frames.Sort($x, "-weight")`, "nlargest": `frames.Sort($x, "-weight"), and frames.Head of it`,
		"loc":          `frames.Where($x, "weight > 3") for rows, $x.Col("weight") for a column`,
		"iloc":         "$x.Subset([]int{0, 1}) for rows",
		"value_counts": `frames.Count($x, "item_id")`, "merge": `frames.Join($x, other, "item_id")`,
		"join": `frames.Join($x, other, "item_id")`, "dropna": "frames.DropNA($x)",
		"fillna": "frames.FillNA($x, 0)", "isna": "frames.Describe($x), which counts what is there",
		"isnull": "frames.Describe($x), which counts what is there",
		"apply":  `frames.Mutate($x, "double = 2 * weight")`, "assign": `frames.Mutate($x, "double = 2 * weight")`,
		"mutate": `frames.Mutate($x, "double = 2 * weight")`, "query": `frames.Where($x, "weight > 3")`,
		"where": `frames.Where($x, "weight > 3")`, "filter": `frames.Where($x, "weight > 3")`,
		"pivot":           `frames.Pivot($x, "item_id", "user_id", "sum(weight)")`,
		"pivot_table":     `frames.Pivot($x, "item_id", "user_id", "sum(weight)")`,
		"drop_duplicates": "frames.Unique($x)", "unique": "frames.Unique($x)",
		"nunique": `frames.GroupBy($x, "item_id").Len()`,
		"to_csv":  `files.Write("table.csv", $x)`, "to_parquet": `files.Write("table.parquet", $x)`,
		"plot": "chart.Lines($x, chart.Options{})", "hist": "chart.Histogram($x, chart.Options{})",
		"boxplot": "chart.Box($x, chart.Options{})",
		"mean":    `$x.Col("weight").Mean()`, "sum": `$x.Col("weight").Sum()`, "max": `$x.Col("weight").Max()`,
		"min": `$x.Col("weight").Min()`, "std": `$x.Col("weight").StdDev()`, "median": `$x.Col("weight").Median()`,
		"values": `$x.Col("weight").Float()`, "iterrows": "for i := range $x.Nrow() { ... $x.Elem(i, 0) ... }",
		"itertuples": "for i := range $x.Nrow() { ... $x.Elem(i, 0) ... }",
		"index":      "the numbers of the rows, from 0", "astype": `frames.Mutate($x, "weight = int(weight)")`,
		"concat": "$x.RBind(other)", "append": "$x.RBind(other)",
	},
	"series.Series": {
		"shape": "$x.Len()", "size": "$x.Len()", "value_counts": "frames.Count of the table",
		"unique": "frames.Unique of the table", "nunique": "frames.Unique of the table",
		"tolist": "$x.Float() or $x.Records()", "values": "$x.Float() or $x.Records()",
		"to_list": "$x.Float() or $x.Records()",
		"plot":    "chart.Lines($x, chart.Options{})", "hist": "chart.Histogram($x, chart.Options{})",
		"isna": "$x.IsNaN()", "std": "$x.StdDev()", "str": `frames.Mutate(df, "first = split(item_id, ' ')[0]")`,
		"apply": `frames.Mutate(df, "double = 2 * weight")`, "dt": `frames.Mutate(df, "y = year(date)")`,
	},
	"*mat.Dense": {
		"shape": "$x.Dims()", "size": "$x.Dims()", "dot": "var z mat.Dense; z.Mul($x, y)",
		"matmul": "var z mat.Dense; z.Mul($x, y)", "sum": "mat.Sum($x)", "max": "mat.Max($x)", "min": "mat.Min($x)",
		"mean": "mat.Sum($x) / float64(rows * columns)", "copy": "mat.DenseCopyOf($x)", "transpose": "$x.T()",
		"flatten": "$x.RawMatrix().Data",
		"tolist":  "$x.RawMatrix().Data", "reshape": "mat.NewDense(rows, columns, $x.RawMatrix().Data)",
		"ravel": "$x.RawMatrix().Data",
	},
	"*nmf.Model": {
		"fit":           "nmf.Fit(ctx, x, nmf.Config{Components: 3})",
		"fit_transform": "nmf.Fit(ctx, x, nmf.Config{Components: 3}), whose W it is",
		"transform":     "$x.Transform(ctx, x)", "inverse_transform": "$x.Inverse(w)", "components_": "$x.H",
		"reconstruction_err_": "$x.Err", "n_iter_": "$x.Iter", "predict": "$x.Transform(ctx, x)",
		"w": "$x.W", "h": "$x.H", "basis": "$x.W", "coef": "$x.H", "save": `files.SaveModel("model.npz", $x)`,
	},
	"slice": {
		"len": "len($x)", "length": "len($x)", "size": "len($x)", "shape": "len($x)", "push": "$x = append($x, 3)",
		"extend": "$x = append($x, more...)", "insert": "$x = slices.Insert($x, 0, 3)",
		"pop": "$x = $x[:len($x)-1]", "remove": "$x = slices.Delete($x, 0, 1)", "sort": "slices.Sort($x)",
		"reverse": "slices.Reverse($x)",
		"mean":    "stat.Mean($x, nil)", "sum": "floats.Sum($x)", "max": "slices.Max($x)", "min": "slices.Min($x)",
		"std": "stat.StdDev($x, nil)", "index": "slices.Index($x, 3)", "contains": "slices.Contains($x, 3)",
		"includes": "slices.Contains($x, 3)", "count": "for _, v := range $x { ... }", "copy": "slices.Clone($x)",
		"tolist": "$x itself", "join": `strings.Join($x, ", ")`,
		"forEach": "for i, v := range $x { ... }",
		"filter":  "for _, v := range $x { if v > 3 { list = append(list, v) } }",
		"reduce":  "for _, v := range $x { sum += v }", "slice": "$x[1:3]",
	},
	"map": {
		"keys": "slices.Sorted(maps.Keys($x))", "values": "maps.Values($x)",
		"items": "for k, v := range $x { ... }", "get": "v, ok := $x[key]", "len": "len($x)", "length": "len($x)",
		"pop": "delete($x, key)", "has": "_, ok := $x[key]", "update": "maps.Copy($x, other)",
		"contains": "_, ok := $x[key]",
	},
	"string": {
		"len":    "len($x) for bytes, utf8.RuneCountInString($x) for characters",
		"length": "len($x) for bytes, utf8.RuneCountInString($x) for characters", "format": `fmt.Sprintf("%v", x)`,
		"strip": "strings.TrimSpace($x)", "trim": "strings.TrimSpace($x)",
		"startswith": `strings.HasPrefix($x, "a")`, "endswith": `strings.HasSuffix($x, "a")`,
		"startsWith": `strings.HasPrefix($x, "a")`, "endsWith": `strings.HasSuffix($x, "a")`,
		"upper": "strings.ToUpper($x)", "lower": "strings.ToLower($x)", "find": `strings.Index($x, "a")`,
		"join": `strings.Join(list, $x)`, "encode": "[]byte($x)", "isdigit": "strconv.Atoi($x), whose error tells",
		"substring": "$x[1:3]", "charAt": "$x[0]",
	},
}

// fieldsElsewhere are the names that scikit-learn and others have for fields.
var fieldsElsewhere = map[string]string{
	"n_components": "Components", "k": "Components", "rank": "Components", "random_state": "Seed",
	"beta_loss": "Loss", "n_jobs": "Workers", "verbose": "Progress", "max_iterations": "MaxIter",
	"iterations": "MaxIter", "tolerance": "Tol", "method": "Solver", "algorithm": "Solver",
	"item_col": "Item", "user_col": "User", "values": "Weight", "rating": "Weight", "sep": "Comma",
	"delimiter": "Comma", "encoding": "Encoding", "figsize": "Width", "xlabel": "XLabel", "ylabel": "YLabel",
}

// functionsElsewhere are the names that others have for functions of gonmf's packages.
var functionsElsewhere = map[string]string{
	"frames.Filter": `frames.Where(df, "weight > 3")`, "frames.Query": `frames.Where(df, "weight > 3")`,
	"frames.Merge":       `frames.Join(df, other, "item_id")`,
	"frames.Assign":      `frames.Mutate(df, "double = 2 * weight")`,
	"frames.Apply":       `frames.Mutate(df, "double = 2 * weight")`,
	"frames.ValueCounts": `frames.Count(df, "item_id")`, "frames.SortValues": `frames.Sort(df, "-weight")`,
	"frames.Arrange": `frames.Sort(df, "-weight")`, "frames.Distinct": "frames.Unique(df)",
	"frames.DropDuplicates": "frames.Unique(df)", "frames.Summary": "frames.Describe(df)",
	"frames.Plot": "chart.Lines(df, chart.Options{})", "frames.Read": `files.Read(ctx, "sales.csv")`,
	"frames.ReadFile": `files.Read(ctx, "sales.csv")`, "frames.ReadParquet": `files.Read(ctx, "sales.parquet")`,
	"frames.ReadExcel": `files.Read(ctx, "sales.xlsx")`, "frames.DataFrame": "dataframe.DataFrame of gota",
	"nmf.NMF":       "nmf.Fit(ctx, x, nmf.Config{Components: 3})",
	"nmf.New":       "nmf.Fit(ctx, x, nmf.Config{Components: 3})",
	"nmf.Train":     "nmf.Fit(ctx, x, nmf.Config{Components: 3})",
	"nmf.Factorize": "nmf.Fit(ctx, x, nmf.Config{Components: 3})",
	"nmf.Save":      `files.SaveModel("model.npz", model)`,
	"chart.Plot":    "chart.Lines(df, chart.Options{})", "chart.Hist": "chart.Histogram(df, chart.Options{})",
	"chart.Heatmap": "chart.Components(w, labels, chart.Options{})", "chart.Pie": "chart.Bars(df, chart.Options{})",
	"files.ReadCSV": `files.Read(ctx, "sales.csv")`, "files.ReadParquet": `files.Read(ctx, "sales.parquet")`,
	"files.WriteCSV": `files.Write("table.csv", df)`,
	"files.Save":     `files.Write("table.csv", df), files.SaveModel("model.npz", model)`,
	"files.Load":     `files.Read(ctx, "sales.csv"), files.LoadModel("model.npz")`,
}

// filled puts what was typed into an advice.
func filled(advice, x string, args []ast.Expr) string {
	first, all := "x", make([]string, len(args))
	for i, a := range args {
		all[i] = source.Demangle(types.ExprString(a))
	}
	if len(all) > 0 {
		first = all[0]
	}
	return strings.NewReplacer("$x", x, "$1", first, "$*", strings.Join(all, ", ")).Replace(advice)
}

// wordAdvice explains a name that another language has, or that is to be a variable.
func (ex *Explainer) wordAdvice(u *compile.Unit, at []ast.Node, name string) string {
	if len(at) > 2 {
		switch around := at[1].(type) {
		case *ast.CallExpr:
			if advice := calls[name]; advice != "" && around.Fun == at[0] {
				return ": write " + filled(advice, "", around.Args)
			}
		case *ast.SendStmt:
			return fmt.Sprintf(": a new variable is declared by :=, as in %s := %s", name, text(around.Value))
		case *ast.BinaryExpr:
			if name == "in" && around.Op == token.REM { // n %in% xs is (n % in) % xs
				if whole, ok := at[2].(*ast.BinaryExpr); ok {
					return fmt.Sprintf(": Go has no %%in%%: slices.Contains(%s, %s)", text(whole.Y), text(around.X))
				}
			}
		case *ast.SelectorExpr:
			if has := modules[name]; has != "" && around.X == at[0] && len(ex.Compiler.PackagesNamed(name)) == 0 {
				return ": " + has
			}
		case *ast.AssignStmt:
			if around.Tok == token.ASSIGN && len(around.Lhs) == len(around.Rhs) {
				for _, l := range around.Lhs {
					if l == at[0] {
						return fmt.Sprintf(": a new variable is declared by :=, as in %s", assignment(around))
					}
				}
			}
		}
	}
	if word := otherWords[name]; word != "" {
		return ": Go's word is " + word
	}
	for _, n := range at {
		if call, ok := n.(*ast.CallExpr); ok && isOf(call.Fun, "frames") {
			return ": what is computed of columns stands in quotes: " + quoted(call, at)
		}
	}
	return ""
}

func assignment(as *ast.AssignStmt) string {
	var names, values []string
	for i := range as.Lhs {
		names, values = append(names, types.ExprString(as.Lhs[i])), append(values, types.ExprString(as.Rhs[i]))
	}
	return source.Demangle(strings.Join(names, ", ") + " := " + strings.Join(values, ", "))
}

// isOf says whether fun is a function of the package of that name.
func isOf(fun ast.Expr, pkg string) bool {
	sel, ok := ast.Unparen(fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && x.Name == pkg
}

// quoted writes a call with the argument in quotes that is on the path.
func quoted(call *ast.CallExpr, path []ast.Node) string {
	args := make([]string, len(call.Args))
	for i, a := range call.Args {
		args[i] = types.ExprString(a)
		for _, n := range path {
			if n == a {
				args[i] = `"` + strings.ReplaceAll(args[i], `"`, "") + `"`
			}
		}
	}
	return source.Demangle(types.ExprString(call.Fun) + "(" + strings.Join(args, ", ") + ")")
}

// otherMember says what does here what a member of that name does elsewhere.
func otherMember(u *compile.Unit, sel *ast.SelectorExpr) string {
	t := u.Info.TypeOf(sel.X)
	if t == nil {
		return ""
	}
	name := types.TypeString(t, func(p *types.Package) string { return p.Name() })
	if otherMembers[name] == nil {
		switch under := t.Underlying().(type) {
		case *types.Slice, *types.Array:
			name = "slice"
		case *types.Map:
			name = "map"
		case *types.Basic:
			if under.Info()&types.IsString != 0 {
				name = "string"
			}
		}
	}
	x := source.Demangle(types.ExprString(sel.X))
	advice := otherMembers[name][sel.Sel.Name]
	if advice == "" {
		advice = otherMembers[name][strings.ToLower(sel.Sel.Name)]
	}
	if advice != "" {
		return ": write " + filled(advice, x, nil)
	}
	return ""
}
