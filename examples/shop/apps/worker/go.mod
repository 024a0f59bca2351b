module shop/worker

go 1.24
