select '日本'
