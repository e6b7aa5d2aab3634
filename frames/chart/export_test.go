package chart

// For the gallery, which is written as its readers write.
var (
	Golden = golden
	Update = update
)
