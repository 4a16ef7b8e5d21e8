# For the filters in figures.tsv: a column, one that is a sum, a table.
def col(k; t; h; o): {key: k, title: t, holds: h} +
	(if o then {of: o} else {} end);
def sum(k; s): {key: k, title: "All of \(k)", holds: "pupils", sums: s};
def tbl(t; s; c; r): {title: t, sensitive: s, columns: c,
	rows: [r | to_entries[] | {key: "r\(.key)", title: "Group \(.key)",
		cells: .value}]};
