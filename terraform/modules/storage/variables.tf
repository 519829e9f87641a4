variable "name" {
  description = "What the names of all resources begin with."
  type        = string
}

variable "bucket" {
  description = "The name of the bucket that holds the artifacts; unique in all of AWS."
  type        = string
}

variable "noncurrent_days" {
  description = "For how many days a version that was replaced or deleted is kept."
  type        = number
  default     = 90
}

variable "log_days" {
  description = "For how many days access logs are kept."
  type        = number
  default     = 365
}

variable "region" {
  description = "The region that all of it is in."
  type        = string
}
